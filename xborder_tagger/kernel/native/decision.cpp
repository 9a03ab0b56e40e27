#include "decision.hpp"

#include <algorithm>
#include <cmath>

namespace xborder {
namespace {

constexpr double kExtreme = 36;  // log-odds; from 37 on a probability would round to 1, which none is

double logistic(double score) { return 1 / (1 + std::exp(-std::clamp(score, -kExtreme, kExtreme))); }

}  // namespace

Decision::Decision(const DecisionArrays& arrays)
    : thresholds_(arrays.thresholds.begin(), arrays.thresholds.end()), review_(arrays.review.begin(), arrays.review.end()),
      known_words_(arrays.known_words), common_share_(arrays.common_share) {}

void Decision::decide(const Result& result) const {
    for (std::size_t tag = 0; tag < thresholds_.size(); ++tag) {
        const double share = logistic(result.scores[tag]);
        result.probabilities[tag] = share;
        result.applies[tag] = share >= thresholds_[tag];
        result.review[tag] = review_[2 * tag] <= share && share < review_[2 * tag + 1];
    }
    const bool empty = *result.words == 0;
    const double words = static_cast<double>(*result.words), common = static_cast<double>(*result.common);
    result.flags[0] = empty;
    result.flags[1] = !empty && static_cast<double>(*result.known) < known_words_;
    result.flags[2] = !empty && common < common_share_ * words;
}

}  // namespace xborder
