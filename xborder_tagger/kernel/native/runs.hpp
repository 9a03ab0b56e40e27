// Runs of letters and runs of digits: where the characters of a text change their class.
#pragma once

#include <algorithm>
#include <cstdint>

#include "blocks.hpp"
#include "characters.hpp"

namespace xborder {

// A text has less than 2**32 characters.
struct Run {
    std::uint32_t begin = 0, end = 0;
    bool numeric = false;

    std::size_t size() const { return end - begin; }
};

inline std::uint64_t low_bits(std::size_t count) {
    return count < 64 ? (std::uint64_t{1} << count) - 1 : ~std::uint64_t{0};
}

// Let the table judge the characters that the block scanner could not.
template <class Char>
void judge_foreign(Block& block, const Char* text, const Characters& characters) {
    for (std::uint64_t rest = block.foreign; rest != 0; rest &= rest - 1) {
        const unsigned place = lowest_bit(rest);
        const unsigned kind = characters.kind(text[place]);
        block.letters |= static_cast<std::uint64_t>(is_letter(kind)) << place;
        block.digits |= static_cast<std::uint64_t>(kind == kDigit) << place;
    }
}

// The block at `text`, of which `count` characters may be read; the others count as a gap.
template <class Char>
Block read_block(const Char* text, std::size_t count, const Characters& characters) {
    Block block;
    if (count >= kBlock) {
        block = classify(text);
    } else {
        Char padded[kBlock] = {};
        std::copy_n(text, count, padded);
        block = classify(padded);
    }
    if (!characters.plain_ascii()) block = {0, 0, low_bits(count)};
    judge_foreign(block, text, characters);
    return block;
}

// Call sink.run(begin, end, numeric) for every run, in order.
template <class Char, class Sink>
void for_each_run(const Char* text, std::size_t length, const Characters& characters, Sink& sink) {
    std::uint64_t last_letter = 0, last_digit = 0;  // class of the character before the block
    std::uint32_t begin = 0;
    bool open = false, numeric = false;  // a run has begun, a run of digits
    for (std::size_t base = 0; base < length; base += kBlock) {
        const Block block = read_block(text + base, length - base, characters);
        const std::uint64_t letter_edges = block.letters ^ (block.letters << 1 | last_letter);
        const std::uint64_t digit_edges = block.digits ^ (block.digits << 1 | last_digit);
        std::uint64_t begins = (letter_edges & block.letters) | (digit_edges & block.digits);
        std::uint64_t ends = (letter_edges & ~block.letters) | (digit_edges & ~block.digits);
        while (true) {
            if (!open) {
                if (begins == 0) break;
                const unsigned place = lowest_bit(begins);
                begin = static_cast<std::uint32_t>(base + place);
                numeric = block.digits >> place & 1;
                begins &= begins - 1;
                open = true;
            }
            if (ends == 0) break;
            const std::uint32_t end = static_cast<std::uint32_t>(base + lowest_bit(ends));
            ends &= ends - 1;
            open = false;
            sink.run(begin, end, numeric);
        }
        last_letter = block.letters >> 63;
        last_digit = block.digits >> 63;
    }
    if (open) sink.run(begin, static_cast<std::uint32_t>(length), numeric);
}

}  // namespace xborder
