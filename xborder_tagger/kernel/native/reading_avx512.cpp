// The loops of reading.inl for x86-64 processors with AVX-512 and its byte instructions (Intel since Ice Lake, AMD since
// Zen 4); which one it is, is asked at run time.
#if (defined(__GNUC__) || defined(__clang__)) && defined(__x86_64__)

#include <immintrin.h>

#include "portable.hpp"
#include "reading.hpp"

#define XBORDER_AVX512 1
#if defined(__clang__)
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi2,popcnt,bmi,bmi2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi2,popcnt,bmi,bmi2")
#endif

#include "reading.inl"

namespace xborder {

ReadingVariant avx512_reading() { return {judge, spell}; }

}  // namespace xborder

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
