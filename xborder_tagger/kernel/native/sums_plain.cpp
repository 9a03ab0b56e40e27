// The loops of sums.inl for any processor.
#include "sums.inl"

namespace xborder {

SumsVariant plain_sums() { return {read_sentences, mend_half, score_passage}; }

}  // namespace xborder
