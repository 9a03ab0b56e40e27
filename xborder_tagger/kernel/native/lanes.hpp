// Eight doubles at once, in the registers of the processor that the file including this is compiled for.
#pragma once

#include <cstdint>
#include <cstring>

#include "portable.hpp"

#if defined(XBORDER_AVX2)
#include <immintrin.h>
#elif defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
#endif

namespace xborder {
namespace {

template <class Number>
inline Number higher(Number a, Number b) {
    return a > b ? a : b;
}

#if defined(XBORDER_AVX2)

struct Eight {
    __m256d low, high;
};

inline Eight zeros() { return {_mm256_setzero_pd(), _mm256_setzero_pd()}; }
inline Eight load(const double* at) { return {_mm256_loadu_pd(at), _mm256_loadu_pd(at + 4)}; }

inline __m256i widened(const std::int16_t* at) {
    return _mm256_cvtepi16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)));
}

inline Eight exact(__m256i eight) {
    return {_mm256_cvtepi32_pd(_mm256_castsi256_si128(eight)), _mm256_cvtepi32_pd(_mm256_extracti128_si256(eight, 1))};
}

inline Eight load(const std::int16_t* at) { return exact(widened(at)); }

inline void store(double* at, const Eight& eight) {
    _mm256_storeu_pd(at, eight.low);
    _mm256_storeu_pd(at + 4, eight.high);
}

inline Eight sum(const Eight& a, const Eight& b) {
    return {_mm256_add_pd(a.low, b.low), _mm256_add_pd(a.high, b.high)};
}

inline Eight higher(const Eight& a, const Eight& b) {
    return {_mm256_max_pd(a.low, b.low), _mm256_max_pd(a.high, b.high)};
}

inline Eight sum(const Eight& a, double factor, const Eight& b) {
    const __m256d factors = _mm256_set1_pd(factor);
    return {_mm256_fmadd_pd(factors, b.low, a.low), _mm256_fmadd_pd(factors, b.high, a.high)};
}

struct EightWhole {
    __m256i at;
};

inline EightWhole no_whole() { return {_mm256_setzero_si256()}; }

inline EightWhole sum(const EightWhole& a, const std::int16_t* row) {
    return {_mm256_add_epi32(a.at, widened(row))};
}

inline Eight exact(const EightWhole& a) { return exact(a.at); }

inline std::int32_t first(const EightWhole& a) { return _mm_cvtsi128_si32(_mm256_castsi256_si128(a.at)); }
inline std::int32_t second(const EightWhole& a) { return _mm_extract_epi32(_mm256_castsi256_si128(a.at), 1); }

// Bits of those of eight numbers below 2**31 that are `limit` or more.
inline unsigned at_least(const std::uint32_t* at, std::uint32_t limit) {
    const __m256i numbers = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    const __m256i above = _mm256_cmpgt_epi32(numbers, _mm256_set1_epi32(static_cast<int>(limit - 1)));
    return static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(above)));
}

#else

// Two doubles, four numbers: a register of SSE2 and of NEON. GCC does not find the vectors in plain loops.
#if defined(__GNUC__) || defined(__clang__)
typedef double Pair __attribute__((vector_size(16)));
typedef std::uint32_t Four __attribute__((vector_size(16)));
typedef std::int16_t FourShort __attribute__((vector_size(8)));
inline Four widened(const std::int16_t* at) {
    FourShort numbers;
    std::memcpy(&numbers, at, sizeof numbers);
    return __builtin_convertvector(numbers, Four);
}
XBORDER_INLINE Pair pair(double a, double b) { return Pair{a, b}; }
#else
struct Pair {
    double at[2];
    double operator[](std::size_t i) const { return at[i]; }
};
XBORDER_INLINE Pair pair(double a, double b) { return {{a, b}}; }
struct Four {
    std::uint32_t at[4];
    std::uint32_t& operator[](std::size_t i) { return at[i]; }
    std::uint32_t operator[](std::size_t i) const { return at[i]; }
};
inline Four widened(const std::int16_t* at) {
    Four four;
    for (int i = 0; i < 4; ++i) four[i] = static_cast<std::uint32_t>(at[i]);
    return four;
}
inline Four operator+(const Four& a, const Four& b) { return {{a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]}}; }
inline Pair operator+(const Pair& a, const Pair& b) { return {{a[0] + b[0], a[1] + b[1]}}; }
inline Pair operator*(double a, const Pair& b) { return {{a * b[0], a * b[1]}}; }
#endif

struct Eight {
    Pair at[4];
};

inline Eight zeros() { return {}; }

template <class Number>
XBORDER_INLINE Eight load(const Number* at) {
    Eight eight;
    for (int i = 0; i < 4; ++i) eight.at[i] = pair(at[2 * i], at[2 * i + 1]);
    return eight;
}

inline void store(double* at, const Eight& eight) {
    for (int i = 0; i < 8; ++i) at[i] = eight.at[i / 2][i % 2];
}

inline Eight sum(Eight a, const Eight& b) {
    for (int i = 0; i < 4; ++i) a.at[i] = a.at[i] + b.at[i];
    return a;
}

inline Eight higher(Eight a, const Eight& b) {
    for (int i = 0; i < 4; ++i) a.at[i] = pair(higher(a.at[i][0], b.at[i][0]), higher(a.at[i][1], b.at[i][1]));
    return a;
}

XBORDER_INLINE Eight sum(Eight a, double factor, const Eight& b) {
    for (int i = 0; i < 4; ++i) a.at[i] = a.at[i] + factor * b.at[i];
    return a;
}

struct EightWhole {
    Four low, high;
};

inline EightWhole no_whole() { return {Four{}, Four{}}; }

inline EightWhole sum(const EightWhole& a, const std::int16_t* row) {
    return {a.low + widened(row), a.high + widened(row + 4)};
}

inline Eight exact(const EightWhole& a) {
    std::int32_t numbers[8];
    std::memcpy(numbers, &a, sizeof numbers);
    return load(numbers);
}

inline std::int32_t first(const EightWhole& a) { return static_cast<std::int32_t>(a.low[0]); }
inline std::int32_t second(const EightWhole& a) { return static_cast<std::int32_t>(a.low[1]); }

inline unsigned at_least(const std::uint32_t* at, std::uint32_t limit) {
    unsigned found = 0;
#if defined(__SSE2__) || defined(_M_X64)
    const __m128i least = _mm_set1_epi32(static_cast<int>(limit - 1));
    for (int i = 0; i < 8; i += 4) {
        const __m128i above = _mm_cmpgt_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at + i)), least);
        found |= static_cast<unsigned>(_mm_movemask_ps(_mm_castsi128_ps(above))) << i;
    }
#else
    for (int i = 0; i < 8; ++i) found |= static_cast<unsigned>(at[i] >= limit) << i;
#endif
    return found;
}

#endif

}  // namespace
}  // namespace xborder
