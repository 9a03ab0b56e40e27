// A few thousand characters of a text, judged: what is read of them again and again stays in the first-level cache.
#pragma once

#include <cstddef>
#include <cstdint>

namespace xborder {

constexpr std::size_t kBlock = 64;

// Bit i: character i. Marks are what may join two runs or end a sentence: dots, terminators, newlines and characters
// that are dropped. Foreign are those that are not ASCII.
struct Block {
    std::uint64_t letters = 0, digits = 0, marks = 0, foreign = 0;
};

struct Chunk {
#if defined(XBORDER_FUZZ)
    static constexpr std::size_t kCharacters = 64;  // so that short texts have several
#else
    static constexpr std::size_t kCharacters = 4096;
#endif

    std::size_t begin = 0, end = 0;
    Block blocks[kCharacters / kBlock];

    // Its characters as bytes: ASCII letters in lower case; digits and what is not ASCII have the high bit set. Behind
    // the last one there are more bytes, which mean nothing.
    std::uint8_t lower[kCharacters + 16] = {};

    std::size_t n_blocks() const { return (end - begin + kBlock - 1) / kBlock; }
};

}  // namespace xborder
