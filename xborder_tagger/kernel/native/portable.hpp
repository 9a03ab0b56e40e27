// What compilers spell differently.
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(_MSC_VER) && !defined(__clang__)
#include <intrin.h>
#define XBORDER_RARE __declspec(noinline)
#define XBORDER_INLINE __forceinline
#else
#define XBORDER_RARE __attribute__((noinline, cold))
#define XBORDER_INLINE inline __attribute__((always_inline))
#endif

namespace xborder {

inline void prefetch(const void* address) {
#if defined(_MSC_VER) && !defined(__clang__)
    (void)address;
#else
    __builtin_prefetch(address);
#endif
}

// Number of the lowest bit set; there is one.
inline unsigned lowest_bit(std::uint64_t mask) {
#if defined(_MSC_VER) && !defined(__clang__)
    unsigned long place;
    _BitScanForward64(&place, mask);
    return place;
#else
    return static_cast<unsigned>(__builtin_ctzll(mask));
#endif
}

inline std::uint64_t low_bits(std::size_t count) {
    return count < 64 ? (std::uint64_t{1} << count) - 1 : ~std::uint64_t{0};
}

}  // namespace xborder
