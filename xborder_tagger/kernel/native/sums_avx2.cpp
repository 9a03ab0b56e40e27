// The loops of sums.inl for x86-64 processors with AVX2 and fused multiply-add; which one it is, is asked at run time.
#if (defined(__GNUC__) || defined(__clang__)) && defined(__x86_64__)

#include <cmath>

#include "portable.hpp"
#include "stretch.hpp"
#include "sums.hpp"

#define XBORDER_AVX2 1
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif

#include "sums.inl"

namespace xborder {

SumsVariant avx2_sums() { return {read_sentences, mend_half, score_passage}; }

}  // namespace xborder

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
