#include "sums.hpp"

#include "processor.hpp"

namespace xborder {

SumsVariant plain_sums();
SumsVariant avx2_sums();

SumsVariant best_sums() {
#if defined(XBORDER_VARIANTS)
    if (has_avx2()) return avx2_sums();
#endif
    return plain_sums();
}

}  // namespace xborder
