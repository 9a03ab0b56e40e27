#include "reading.hpp"

#include "processor.hpp"

namespace xborder {

ReadingVariant plain_reading();
ReadingVariant avx512_reading();

ReadingVariant best_reading() {
#if defined(XBORDER_VARIANTS)
    if (has_avx512()) return avx512_reading();
#endif
    return plain_reading();
}

}  // namespace xborder
