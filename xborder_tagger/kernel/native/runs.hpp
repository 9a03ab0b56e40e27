// Runs of letters and runs of digits: where the characters of a text change their class.
#pragma once

#include <algorithm>
#include <cstdint>

#include "blocks.hpp"
#include "characters.hpp"

namespace xborder {

enum Class : std::uint8_t { kGap = 0, kLetters = 1, kDigits = 2 };

inline std::uint64_t low_bits(std::size_t count) { return count < 64 ? (std::uint64_t{1} << count) - 1 : ~std::uint64_t{0}; }

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

// Call sink.run(begin, end, class) for every run, in order.
template <class Char, class Sink>
void for_each_run(const Char* text, std::size_t length, const Characters& characters, Sink& sink) {
    std::uint64_t last_letter = 0, last_digit = 0;  // class of the character before the block
    std::size_t begin = 0;
    Class current = kGap;
    for (std::size_t base = 0; base < length; base += kBlock) {
        const Block block = read_block(text + base, length - base, characters);
        std::uint64_t edges = (block.letters ^ (block.letters << 1 | last_letter)) |
                              (block.digits ^ (block.digits << 1 | last_digit));
        for (; edges != 0; edges &= edges - 1) {
            const unsigned place = lowest_bit(edges);
            if (current != kGap) sink.run(begin, base + place, current);
            begin = base + place;
            current = static_cast<Class>((block.letters >> place & 1) | (block.digits >> place & 1) << 1);
        }
        last_letter = block.letters >> 63;
        last_digit = block.digits >> 63;
    }
    if (current != kGap) sink.run(begin, length, current);
}

}  // namespace xborder
