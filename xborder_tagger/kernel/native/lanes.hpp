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

inline Eight load(const std::int32_t* at) {
    const auto* const halves = reinterpret_cast<const __m128i*>(at);
    return {_mm256_cvtepi32_pd(_mm_loadu_si128(halves)), _mm256_cvtepi32_pd(_mm_loadu_si128(halves + 1))};
}

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

inline EightWhole sum(const EightWhole& a, const std::int32_t* row) {
    return {_mm256_add_epi32(a.at, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(row)))};
}

inline Eight exact(const EightWhole& a) {
    return {_mm256_cvtepi32_pd(_mm256_castsi256_si128(a.at)), _mm256_cvtepi32_pd(_mm256_extracti128_si256(a.at, 1))};
}

// Two doubles.
struct Two {
    __m128d at;
};

inline Two two(double a, double b) { return {_mm_set_pd(b, a)}; }
inline Two load_two(const float* at) {
    return {_mm_cvtps_pd(_mm_castsi128_ps(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(at))))};
}
inline Two sum(const Two& a, const Two& b) { return {_mm_add_pd(a.at, b.at)}; }
inline double first(const Two& a) { return _mm_cvtsd_f64(a.at); }
inline double second(const Two& a) { return _mm_cvtsd_f64(_mm_unpackhi_pd(a.at, a.at)); }

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

inline Four load_four(const std::int32_t* at) {
    Four four;
    std::memcpy(&four, at, sizeof four);
    return four;
}

inline EightWhole sum(const EightWhole& a, const std::int32_t* row) {
    return {a.low + load_four(row), a.high + load_four(row + 4)};
}

inline Eight exact(const EightWhole& a) {
    std::int32_t numbers[8];
    std::memcpy(numbers, &a, sizeof numbers);
    return load(numbers);
}

struct Two {
    Pair at;
};

inline Two two(double a, double b) { return {pair(a, b)}; }
inline Two load_two(const float* at) { return {pair(at[0], at[1])}; }
inline Two sum(const Two& a, const Two& b) { return {a.at + b.at}; }
inline double first(const Two& a) { return a.at[0]; }
inline double second(const Two& a) { return a.at[1]; }

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
