#include "pooling.hpp"

#include <algorithm>

namespace xborder {

Pooling::Pooling(const PoolingArrays& arrays, std::size_t tags)
    : half_(static_cast<std::size_t>(arrays.size) / 2), tags_(tags), mix_(arrays.mix.size),
      intercept_(arrays.intercept.begin(), arrays.intercept.end()) {
    for (std::size_t tag = 0; tag < tags; ++tag)
        for (std::size_t margin = 0; margin < 2 * tags; ++margin)
            mix_[margin * tags + tag] = arrays.mix[tag * 2 * tags + margin];
}

void Pooling::score(const double* passage, const double* sentence, double* scores) const {
    std::copy(intercept_.begin(), intercept_.end(), scores);
    const double* of_passage = mix_.data();
    const double* of_sentence = mix_.data() + tags_ * tags_;
    for (std::size_t margin = 0; margin < tags_; ++margin) {
        for (std::size_t tag = 0; tag < tags_; ++tag)
            scores[tag] += passage[margin] * of_passage[tag] + sentence[margin] * of_sentence[tag];
        of_passage += tags_;
        of_sentence += tags_;
    }
}

}  // namespace xborder
