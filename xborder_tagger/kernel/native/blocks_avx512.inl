// What blocks.hpp has, for processors with AVX-512: 64 characters in one register, and places of bits without a loop.
#include "chunk.hpp"
#include "portable.hpp"

namespace xborder {
namespace {

using Bytes = __m128i;

inline void store(void* data, Bytes bytes) { _mm_storeu_si128(static_cast<__m128i*>(data), bytes); }
inline unsigned high_bits(Bytes bytes) { return static_cast<unsigned>(_mm_movemask_epi8(bytes)); }
inline std::uint64_t low_half(Bytes bytes) { return static_cast<std::uint64_t>(_mm_cvtsi128_si64(bytes)); }
inline std::uint64_t high_half(Bytes bytes) { return static_cast<std::uint64_t>(_mm_extract_epi64(bytes, 1)); }

inline Bytes first_bytes(const std::uint8_t* from, unsigned count) {
    return _mm_maskz_loadu_epi8(static_cast<__mmask16>(_bzhi_u32(0xFFFF, count)), from);
}

// 64 characters as bytes. One that is not ASCII becomes any byte with its high bit set.
inline __m512i narrow(const std::uint8_t* text) { return _mm512_loadu_si512(text); }

inline __m512i narrow(const std::uint16_t* text) {
    const __m256i low = _mm512_cvtusepi16_epi8(_mm512_loadu_si512(text));
    return _mm512_inserti64x4(_mm512_castsi256_si512(low), _mm512_cvtusepi16_epi8(_mm512_loadu_si512(text + 32)), 1);
}

inline __m512i narrow(const std::uint32_t* text) {
    __m512i bytes = _mm512_castsi128_si512(_mm512_cvtusepi32_epi8(_mm512_loadu_si512(text)));
    bytes = _mm512_inserti32x4(bytes, _mm512_cvtusepi32_epi8(_mm512_loadu_si512(text + 16)), 1);
    bytes = _mm512_inserti32x4(bytes, _mm512_cvtusepi32_epi8(_mm512_loadu_si512(text + 32)), 2);
    return _mm512_inserti32x4(bytes, _mm512_cvtusepi32_epi8(_mm512_loadu_si512(text + 48)), 3);
}

inline __mmask64 within(__m512i bytes, char first, char count) {
    return _mm512_cmplt_epu8_mask(_mm512_sub_epi8(bytes, _mm512_set1_epi8(first)), _mm512_set1_epi8(count));
}

inline __mmask64 equal(__m512i bytes, char wanted) {
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(wanted));
}

template <class Char>
inline Block classify(const Char* text, std::uint8_t* lower) {
    const __m512i bytes = narrow(text), low = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
    Block block;
    block.letters = within(low, 'a', 26);
    block.digits = within(bytes, '0', 10);
    block.marks = equal(bytes, '.') | equal(bytes, '!') | equal(bytes, '?') | within(bytes, '\n', 3);
    block.foreign = _mm512_movepi8_mask(bytes);
    _mm512_storeu_si512(lower, _mm512_mask_blend_epi8(block.digits, low, _mm512_set1_epi8(-1)));
    return block;
}

alignas(64) constexpr std::uint8_t kPlaces[kBlock] = {
    0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
    22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
    44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};

template <int kQuarter>
inline void list_quarter(__m512i found, std::uint32_t base, std::uint32_t* places) {
    const __m512i wide = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(found, kQuarter));
    _mm512_storeu_si512(places + 16 * kQuarter, _mm512_add_epi32(wide, _mm512_set1_epi32(static_cast<int>(base))));
}

// Sixteen places at least are written, and nearly always they are enough: a block has eleven words.
inline std::size_t list(std::uint64_t bits, std::uint32_t base, std::uint32_t* places, std::size_t count) {
    const __m512i found = _mm512_maskz_compress_epi8(bits, _mm512_load_si512(kPlaces));
    const auto n = static_cast<std::size_t>(_mm_popcnt_u64(bits));
    list_quarter<0>(found, base, places + count);
    if (n > 16) {
        list_quarter<1>(found, base, places + count);
        list_quarter<2>(found, base, places + count);
        list_quarter<3>(found, base, places + count);
    }
    return count + n;
}

}  // namespace
}  // namespace xborder
