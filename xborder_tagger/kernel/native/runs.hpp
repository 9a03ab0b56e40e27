// Where the runs of a chunk begin and end, and which of them stand behind a gap that holds a mark.
#pragma once

#include <cstdint>

#include "chunk.hpp"
#include "portable.hpp"

namespace xborder {

class Runs {
public:
    static constexpr std::uint32_t kNowhere = ~std::uint32_t{0};

    // `marked`: a mark stands in the gap before the chunk.
    void read(const Chunk& chunk, bool marked) {
        n_begins_ = n_ends_ = n_marks_ = 0;
        letters_ = digits_ = 0;
        marked_ = marked;
        for (std::size_t number = 0; number < chunk.n_blocks(); ++number)
            read_block(chunk.block(number), static_cast<std::uint32_t>(chunk.begin() + number * kBlock));
        begins_[n_begins_] = kNowhere;
        marks_[n_marks_] = begins_[n_ends_];
    }

    // Runs that end inside the chunk. If another one begins there, it has no end yet.
    std::size_t size() const { return n_ends_; }
    bool cut() const { return n_begins_ > n_ends_; }
    const std::uint32_t* begins() const { return begins_; }
    const std::uint32_t* ends() const { return ends_; }

    // Where runs begin behind a gap with a mark, in order; at last what stands behind the last begin of size() runs.
    const std::uint32_t* marks() const { return marks_; }

    // Whether a mark stands in the gap before what comes next: the run that was cut, or the next chunk.
    bool marked() const { return cut() ? n_marks_ > 0 && marks_[n_marks_ - 1] == begins_[n_ends_] : marked_; }

private:
    // Runs begin and end where characters change their class.
    struct Edges {
        std::uint64_t begins, ends;

        Edges(std::uint64_t here, std::uint64_t before) {
            const std::uint64_t edges = here ^ (here << 1 | before);
            begins = edges & here;
            ends = edges & ~here;
        }
    };

    void read_block(const Block& block, std::uint32_t base) {
        const Edges letters(block.letters, letters_), digits(block.digits, digits_);
        const std::uint64_t begins = letters.begins | digits.begins;
        const std::uint64_t open = letters_ | digits_;
        letters_ = block.letters >> 63;
        digits_ = block.digits >> 63;
        n_begins_ = list(begins, base, begins_, n_begins_);
        n_ends_ = list(letters.ends | digits.ends, base, ends_, n_ends_);

        // Adding a mark to the gap it stands in carries a bit over to the beginning of the run behind it.
        const std::uint64_t gaps = ~(block.letters | block.digits), carried = gaps + block.marks;
        const std::uint64_t pending = carried + (std::uint64_t{marked_} & ~open);
        n_marks_ = list(pending & begins, base, marks_, n_marks_);
        marked_ = carried < gaps || pending < carried;
    }

    // Append the places of bits to an array that holds `count` places.
    static std::size_t list(std::uint64_t bits, std::uint32_t base, std::uint32_t* places, std::size_t count) {
        for (; bits != 0; bits &= bits - 1) places[count++] = base + lowest_bit(bits);
        return count;
    }

    std::uint32_t begins_[Chunk::kCharacters + 1], ends_[Chunk::kCharacters + 1], marks_[Chunk::kCharacters + 1];
    std::size_t n_begins_ = 0, n_ends_ = 0, n_marks_ = 0;
    std::uint64_t letters_ = 0, digits_ = 0;  // of the last character so far
    bool marked_ = false;
};

}  // namespace xborder
