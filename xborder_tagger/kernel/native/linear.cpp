#include "linear.hpp"

#include <algorithm>
#include <cmath>

namespace xborder {
namespace {

double compute_damped(std::uint32_t count) { return count == 0 ? 0 : 1 + std::log(count); }

Step step_to(std::uint32_t count) {
    const double before = compute_damped(count - 1);
    const double step = count == 1 ? 1 : std::log1p(1 / (count - 1.0));  // not a difference of logarithms: that loses bits
    return {step, step * (2 * before + step)};
}

}  // namespace

Linear::Linear(const LinearArrays& linear, const PoolingArrays& pooling)
    : features_(linear.features()), half_(static_cast<std::size_t>(pooling.size) / 2) {
    const std::size_t tags = linear.tags(), lanes = linear.lanes();
    tags_.resize((2 + 2 * tags) * lanes);
    double* const bias = tags_.data();
    double* const intercept = bias + lanes;
    double* const mix = intercept + lanes;
    std::copy_n(linear.bias.begin(), tags, bias);
    std::copy_n(pooling.intercept.begin(), tags, intercept);
    for (std::size_t tag = 0; tag < tags; ++tag)
        for (std::size_t margin = 0; margin < 2 * tags; ++margin)
            mix[margin * lanes + tag] = pooling.mix[tag * 2 * tags + margin];
    for (std::uint32_t count = 0; count < kDamped; ++count) {
        damped_.push_back(compute_damped(count));
        steps_.push_back(count == 0 ? Step{} : step_to(count));
    }
    const auto* const heads = reinterpret_cast<const FeatureHead*>(linear.heads.data);
    scale_ = {{heads, linear.rows.data, lanes}, linear.unit, damped_.data(), steps_.data(), compute_damped, step_to, bias, linear.bias[tags],
              mix, mix + tags * lanes, intercept, tags};
}

}  // namespace xborder
