#include "sums.hpp"

namespace xborder {

SumsVariant plain_sums();
SumsVariant avx2_sums();

SumsVariant best_sums() {
#if (defined(__GNUC__) || defined(__clang__)) && defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return avx2_sums();
#endif
    return plain_sums();
}

}  // namespace xborder
