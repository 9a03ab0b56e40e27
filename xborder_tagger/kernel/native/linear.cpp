#include "linear.hpp"

#include <algorithm>
#include <cmath>

namespace xborder {
namespace {

Damped compute_damped(std::uint32_t count) {
    const double value = count == 0 ? 0 : 1 + std::log(count);
    return {value, value * value};
}

}  // namespace

Linear::Linear(const LinearArrays& linear, const PoolingArrays& pooling)
    : features_(linear.idf.size), half_(static_cast<std::size_t>(pooling.size) / 2) {
    const std::size_t tags = linear.bias.size - 1, lanes = lanes_for(tags);
    weights_.resize(features_ * lanes + 16);
    float* const weights = weights_.data() + (16 - reinterpret_cast<std::uintptr_t>(weights_.data()) / 4 % 16) % 16;
    for (std::size_t i = 0; i < features_; ++i) std::copy_n(linear.weights.data + i * tags, tags, weights + i * lanes);
    tags_.resize((2 + 2 * tags) * lanes);
    double* const bias = tags_.data();
    double* const intercept = bias + lanes;
    double* const mix = intercept + lanes;
    std::copy_n(linear.bias.begin(), tags, bias);
    std::copy_n(pooling.intercept.begin(), tags, intercept);
    for (std::size_t tag = 0; tag < tags; ++tag)
        for (std::size_t margin = 0; margin < 2 * tags; ++margin)
            mix[margin * lanes + tag] = pooling.mix[tag * 2 * tags + margin];
    for (std::uint32_t count = 0; count < kDamped; ++count) damped_.push_back(compute_damped(count));
    scale_ = {{weights, lanes, linear.idf.data, linear.boilerplate.data}, damped_.data(), compute_damped, bias, linear.bias[tags],
              mix, mix + tags * lanes, intercept, tags};
}

}  // namespace xborder
