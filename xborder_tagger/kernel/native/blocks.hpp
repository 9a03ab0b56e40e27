// 64 characters at a time as bit masks, and as bytes in lower case. ASCII is judged 16 characters at a time with SSE2,
// which every x86-64 has, or NEON, which every arm64 has; elsewhere a plain loop does the same. Only a quarter of real
// articles are ASCII throughout, so a block that holds other characters stays on this path and marks them as foreign for
// the table to judge one by one.
#pragma once

#include <cstdint>
#include <cstring>

#if defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
#define XBORDER_SSE2 1
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#define XBORDER_NEON 1
#endif

#include "chunk.hpp"
#include "portable.hpp"

namespace xborder {
namespace {

// 16 characters as bytes. One that is not ASCII becomes any byte with its high bit set.
#if defined(XBORDER_SSE2)

using Bytes = __m128i;

inline Bytes load(const void* data) { return _mm_loadu_si128(static_cast<const __m128i*>(data)); }
inline void store(void* data, Bytes bytes) { _mm_storeu_si128(static_cast<__m128i*>(data), bytes); }
inline unsigned high_bits(Bytes bytes) { return static_cast<unsigned>(_mm_movemask_epi8(bytes)); }

inline Bytes narrow(const std::uint8_t* text) { return load(text); }

inline Bytes narrow(const std::uint16_t* text) {
    const Bytes a = load(text), b = load(text + 8), high = _mm_set1_epi16(static_cast<short>(0xFF80));
    const Bytes zero = _mm_setzero_si128();
    const Bytes plain_a = _mm_cmpeq_epi16(_mm_and_si128(a, high), zero);
    const Bytes plain_b = _mm_cmpeq_epi16(_mm_and_si128(b, high), zero);
    const Bytes foreign = _mm_cmpeq_epi8(_mm_packs_epi16(plain_a, plain_b), zero);
    return _mm_or_si128(_mm_packus_epi16(a, b), foreign);
}

// Code points over 0x7F saturate and stay foreign.
inline Bytes narrow(const std::uint32_t* text) {
    const Bytes a = _mm_packs_epi32(load(text), load(text + 4)), b = _mm_packs_epi32(load(text + 8), load(text + 12));
    return _mm_packus_epi16(a, b);
}

inline Bytes lowered(Bytes bytes) { return _mm_or_si128(bytes, _mm_set1_epi8(0x20)); }

inline std::uint64_t low_half(Bytes bytes) { return static_cast<std::uint64_t>(_mm_cvtsi128_si64(bytes)); }
inline std::uint64_t high_half(Bytes bytes) { return low_half(_mm_unpackhi_epi64(bytes, bytes)); }

// The first `count` bytes of 16, the others zero.
inline Bytes first_bytes(const std::uint8_t* from, std::size_t count) {
    alignas(16) static constexpr std::int8_t window[32] = {-1, -1, -1, -1, -1, -1, -1, -1,
                                                           -1, -1, -1, -1, -1, -1, -1, -1};
    return _mm_and_si128(load(from), load(window + 16 - count));
}

// Bits of the bytes in [first, first + count): one signed comparison after moving the range to the bottom.
inline Bytes within(Bytes bytes, char first, char count) {
    const Bytes moved = _mm_add_epi8(bytes, _mm_set1_epi8(static_cast<char>(-128 - first)));
    return _mm_cmplt_epi8(moved, _mm_set1_epi8(static_cast<char>(-128 + count)));
}

inline Bytes equal(Bytes bytes, char wanted) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(wanted)); }
inline Bytes either(Bytes a, Bytes b) { return _mm_or_si128(a, b); }

#elif defined(XBORDER_NEON)

using Bytes = uint8x16_t;

inline Bytes load(const void* data) { return vld1q_u8(static_cast<const std::uint8_t*>(data)); }
inline void store(void* data, Bytes bytes) { vst1q_u8(static_cast<std::uint8_t*>(data), bytes); }

inline unsigned high_bits(Bytes bytes) {
    alignas(16) static constexpr std::uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const Bytes bits = vandq_u8(vcltzq_s8(vreinterpretq_s8_u8(bytes)), load(weights));
    return vaddv_u8(vget_low_u8(bits)) | static_cast<unsigned>(vaddv_u8(vget_high_u8(bits))) << 8;
}

inline Bytes narrow(const std::uint8_t* text) { return load(text); }

// Saturated, so that code points over 0x7F stay foreign.
inline Bytes narrow(const std::uint16_t* text) {
    return vcombine_u8(vqmovn_u16(vld1q_u16(text)), vqmovn_u16(vld1q_u16(text + 8)));
}

inline Bytes narrow(const std::uint32_t* text) {
    const uint16x8_t low = vcombine_u16(vqmovn_u32(vld1q_u32(text)), vqmovn_u32(vld1q_u32(text + 4)));
    const uint16x8_t high = vcombine_u16(vqmovn_u32(vld1q_u32(text + 8)), vqmovn_u32(vld1q_u32(text + 12)));
    return vcombine_u8(vqmovn_u16(low), vqmovn_u16(high));
}

inline Bytes lowered(Bytes bytes) { return vorrq_u8(bytes, vdupq_n_u8(0x20)); }

inline std::uint64_t low_half(Bytes bytes) { return vgetq_lane_u64(vreinterpretq_u64_u8(bytes), 0); }
inline std::uint64_t high_half(Bytes bytes) { return vgetq_lane_u64(vreinterpretq_u64_u8(bytes), 1); }

// The first `count` bytes of 16, the others zero.
inline Bytes first_bytes(const std::uint8_t* from, std::size_t count) {
    alignas(16) static constexpr std::uint8_t places[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return vandq_u8(load(from), vcltq_u8(load(places), vdupq_n_u8(static_cast<std::uint8_t>(count))));
}

// Bits of the bytes in [first, first + count).
inline Bytes within(Bytes bytes, char first, char count) {
    const Bytes moved = vsubq_u8(bytes, vdupq_n_u8(static_cast<std::uint8_t>(first)));
    return vcltq_u8(moved, vdupq_n_u8(static_cast<std::uint8_t>(count)));
}

inline Bytes equal(Bytes bytes, char wanted) { return vceqq_u8(bytes, vdupq_n_u8(static_cast<std::uint8_t>(wanted))); }
inline Bytes either(Bytes a, Bytes b) { return vorrq_u8(a, b); }

#else

struct Bytes {
    std::uint8_t at[16];
};

inline Bytes load(const void* data) {
    Bytes bytes;
    std::memcpy(bytes.at, data, 16);
    return bytes;
}

inline void store(void* data, const Bytes& bytes) { std::memcpy(data, bytes.at, 16); }

inline unsigned high_bits(const Bytes& bytes) {
    unsigned found = 0;
    for (unsigned i = 0; i < 16; ++i) found |= static_cast<unsigned>(bytes.at[i] >> 7) << i;
    return found;
}

template <class Char>
Bytes narrow(const Char* text) {
    Bytes bytes;
    for (unsigned i = 0; i < 16; ++i) bytes.at[i] = text[i] < 0x80 ? static_cast<std::uint8_t>(text[i]) : 0xFF;
    return bytes;
}

inline Bytes lowered(Bytes bytes) {
    for (std::uint8_t& byte : bytes.at) byte |= 0x20;
    return bytes;
}

// In the order of bytes that keys have in the model file: the kernel is built for little-endian processors only.
inline std::uint64_t half_at(const Bytes& bytes, std::size_t place) {
    std::uint64_t half;
    std::memcpy(&half, bytes.at + place, 8);
    return half;
}

inline std::uint64_t low_half(const Bytes& bytes) { return half_at(bytes, 0); }
inline std::uint64_t high_half(const Bytes& bytes) { return half_at(bytes, 8); }

// The first `count` bytes of 16, the others zero.
inline Bytes first_bytes(const std::uint8_t* from, std::size_t count) {
    Bytes bytes = {};
    std::memcpy(bytes.at, from, count);
    return bytes;
}

inline Bytes within(Bytes bytes, char first, char count) {
    for (std::uint8_t& byte : bytes.at) byte = static_cast<std::uint8_t>(byte - first) < count ? 0xFF : 0;
    return bytes;
}

inline Bytes equal(Bytes bytes, char wanted) { return within(bytes, wanted, 1); }

inline Bytes either(Bytes a, const Bytes& b) {
    for (unsigned i = 0; i < 16; ++i) a.at[i] |= b.at[i];
    return a;
}

#endif

inline Bytes ascii_marks(Bytes bytes) {
    const Bytes ends = either(equal(bytes, '!'), equal(bytes, '?'));
    return either(either(equal(bytes, '.'), within(bytes, '\n', 3)), ends);
}

// Judge kBlock characters as ASCII; write letters in lower case, and digits with their high bit set.
template <class Char>
Block classify(const Char* text, std::uint8_t* lower) {
    Block block;
    for (unsigned place = 0; place < kBlock; place += 16) {
        const Bytes bytes = narrow(text + place), low = lowered(bytes), digits = within(bytes, '0', 10);
        store(lower + place, either(low, digits));
        block.letters |= static_cast<std::uint64_t>(high_bits(within(low, 'a', 26))) << place;
        block.digits |= static_cast<std::uint64_t>(high_bits(digits)) << place;
        block.marks |= static_cast<std::uint64_t>(high_bits(ascii_marks(bytes))) << place;
        block.foreign |= static_cast<std::uint64_t>(high_bits(bytes)) << place;
    }
    return block;
}

// Append the places of bits to an array that holds `count` places; returns how many it holds now.
inline std::size_t list(std::uint64_t bits, std::uint32_t base, std::uint32_t* places, std::size_t count) {
    for (; bits != 0; bits &= bits - 1) places[count++] = base + lowest_bit(bits);
    return count;
}

}  // namespace
}  // namespace xborder
