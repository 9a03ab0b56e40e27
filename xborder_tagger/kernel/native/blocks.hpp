// 64 characters at a time as bit masks. Letters and digits of ASCII are found 16 at a time with SSE2, which every
// x86-64 has; wider registers were measured to gain nothing. Elsewhere a plain loop does the same. Only a
// quarter of real articles are ASCII throughout, so a block that holds other characters stays on this path and
// marks them as foreign for the table to judge one by one.
#pragma once

#include <cstdint>
#include <cstring>

#if defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
#define XBORDER_SSE2 1
#endif

#include "portable.hpp"

namespace xborder {

constexpr std::size_t kBlock = 64;

struct Block {
    std::uint64_t letters = 0, digits = 0, foreign = 0;  // bit i: character i
};

// 16 characters as bytes; `foreign` has a bit for each one that is not ASCII, whose byte means nothing.
#if defined(XBORDER_SSE2)

using Bytes = __m128i;

inline Bytes load(const void* data) { return _mm_loadu_si128(static_cast<const __m128i*>(data)); }
inline void store(void* data, Bytes bytes) { _mm_storeu_si128(static_cast<__m128i*>(data), bytes); }
inline unsigned bits(Bytes bytes) { return static_cast<unsigned>(_mm_movemask_epi8(bytes)); }

inline Bytes narrow(const std::uint8_t* text, unsigned& foreign) {
    const Bytes bytes = load(text);
    foreign = bits(bytes);
    return bytes;
}

inline Bytes narrow(const std::uint16_t* text, unsigned& foreign) {
    const Bytes a = load(text), b = load(text + 8), high = _mm_set1_epi16(static_cast<short>(0xFF80));
    const Bytes zero = _mm_setzero_si128();
    const Bytes plain_a = _mm_cmpeq_epi16(_mm_and_si128(a, high), zero);
    const Bytes plain_b = _mm_cmpeq_epi16(_mm_and_si128(b, high), zero);
    foreign = bits(_mm_packs_epi16(plain_a, plain_b)) ^ 0xFFFF;
    return _mm_packus_epi16(a, b);
}

// Bytes of 8 UCS-4 characters as 16-bit numbers; code points over 0x7FFF saturate and stay foreign.
inline Bytes halve(const std::uint32_t* text) { return _mm_packs_epi32(load(text), load(text + 4)); }

inline Bytes narrow(const std::uint32_t* text, unsigned& foreign) {
    const Bytes a = halve(text), b = halve(text + 8), limit = _mm_set1_epi16(0x7F);
    foreign = bits(_mm_packs_epi16(_mm_cmpgt_epi16(a, limit), _mm_cmpgt_epi16(b, limit)));
    return _mm_packus_epi16(a, b);
}

inline Bytes lowered(Bytes bytes) { return _mm_or_si128(bytes, _mm_set1_epi8(0x20)); }

// The first `count` bytes, the others zero.
inline Bytes first_bytes(Bytes bytes, std::size_t count) {
    alignas(16) static constexpr std::int8_t window[32] = {-1, -1, -1, -1, -1, -1, -1, -1,
                                                           -1, -1, -1, -1, -1, -1, -1, -1};
    return _mm_and_si128(bytes, load(window + 16 - count));
}

// Bits of the bytes in [first, first + count): one signed comparison after moving the range to the bottom.
inline unsigned within(Bytes bytes, char first, char count) {
    const Bytes moved = _mm_add_epi8(bytes, _mm_set1_epi8(static_cast<char>(-128 - first)));
    return bits(_mm_cmplt_epi8(moved, _mm_set1_epi8(static_cast<char>(-128 + count))));
}

#else

struct Bytes {
    std::uint8_t at[16];
};

inline void store(void* data, const Bytes& bytes) { std::memcpy(data, bytes.at, 16); }

template <class Char>
Bytes narrow(const Char* text, unsigned& foreign) {
    Bytes bytes;
    foreign = 0;
    for (unsigned i = 0; i < 16; ++i) {
        const bool ascii = text[i] < 0x80;
        bytes.at[i] = ascii ? static_cast<std::uint8_t>(text[i]) : 0xFF;
        foreign |= static_cast<unsigned>(!ascii) << i;
    }
    return bytes;
}

inline Bytes lowered(Bytes bytes) {
    for (std::uint8_t& byte : bytes.at) byte |= 0x20;
    return bytes;
}

inline Bytes first_bytes(Bytes bytes, std::size_t count) {
    std::memset(bytes.at + count, 0, 16 - count);
    return bytes;
}

inline unsigned within(const Bytes& bytes, char first, char count) {
    unsigned found = 0;
    for (unsigned i = 0; i < 16; ++i)
        found |= static_cast<unsigned>(static_cast<std::uint8_t>(bytes.at[i] - first) < count) << i;
    return found;
}

#endif

template <class Char>
Block classify(const Char* text) {
    Block block;
    for (unsigned place = 0; place < kBlock; place += 16) {
        unsigned foreign;
        const Bytes bytes = narrow(text + place, foreign);
        const std::uint64_t letters = within(lowered(bytes), 'a', 26), digits = within(bytes, '0', 10);
        block.letters |= letters << place;
        block.digits |= digits << place;
        block.foreign |= static_cast<std::uint64_t>(foreign) << place;
    }
    block.letters &= ~block.foreign;
    block.digits &= ~block.foreign;
    return block;
}

}  // namespace xborder
