// The loops of reading.inl for any processor.
#include "reading.inl"

namespace xborder {

ReadingVariant plain_reading() { return {judge, spell}; }

}  // namespace xborder
