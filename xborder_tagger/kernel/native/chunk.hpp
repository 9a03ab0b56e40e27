// A few thousand characters of a text, judged: what is read of them again and again stays in the first-level cache.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "blocks.hpp"
#include "characters.hpp"
#include "texts.hpp"

namespace xborder {

class Chunk {
public:
#if defined(XBORDER_FUZZ)
    static constexpr std::size_t kCharacters = 64;  // so that short texts have several
#else
    static constexpr std::size_t kCharacters = 4096;
#endif

    // Judge the characters from `begin` on, as many as there are and fit.
    void read(const Text& text, std::size_t begin, const Characters& characters) {
        begin_ = begin;
        end_ = std::min(begin + kCharacters, text.length);
        switch (text.width) {
            case 1: return read_as(static_cast<const std::uint8_t*>(text.data), characters);
            case 2: return read_as(static_cast<const std::uint16_t*>(text.data), characters);
            default: return read_as(static_cast<const std::uint32_t*>(text.data), characters);
        }
    }

    std::size_t begin() const { return begin_; }
    std::size_t end() const { return end_; }
    std::size_t n_blocks() const { return (end_ - begin_ + kBlock - 1) / kBlock; }
    const Block& block(std::size_t number) const { return blocks_[number]; }

    // The chunk's characters as bytes: ASCII letters in lower case; digits and what is not ASCII have the high bit set.
    // Behind the last one there are more bytes, which mean nothing.
    const std::uint8_t* lower() const { return lower_; }

private:
    template <class Char>
    void read_as(const Char* text, const Characters& characters) {
        std::size_t number = 0, place = begin_;
        for (; place + kBlock <= end_; place += kBlock) judge(number++, text + place, kBlock, characters);
        if (place == end_) return;
        Char padded[kBlock] = {};
        std::copy(text + place, text + end_, padded);
        judge(number, padded, end_ - place, characters);
    }

    // Of the kBlock characters at `text`, the first `count` belong to the text; the others are zero.
    template <class Char>
    void judge(std::size_t number, const Char* text, std::size_t count, const Characters& characters) {
        Block& block = blocks_[number];
        block = classify(text, lower_ + number * kBlock);
        if (!characters.plain_ascii()) {
            block = {0, 0, 0, low_bits(count)};
            std::memset(lower_ + number * kBlock, 0xFF, kBlock);
        }
        for (std::uint64_t rest = block.foreign; rest != 0; rest &= rest - 1) {
            const unsigned place = lowest_bit(rest);
            mark(block, place, characters.kind(text[place]));
        }
    }

    static void mark(Block& block, unsigned place, unsigned kind) {
        block.letters |= std::uint64_t{is_letter(kind)} << place;
        block.digits |= std::uint64_t{kind == kDigit} << place;
        block.marks |= std::uint64_t{is_mark(kind)} << place;
    }

    std::size_t begin_ = 0, end_ = 0;
    Block blocks_[kCharacters / kBlock];
    std::uint8_t lower_[kCharacters + 16] = {};
};

}  // namespace xborder
