#include "weights.hpp"

#include <cmath>

namespace xborder {

Weights::Weights(const LinearArrays& arrays)
    : idf_(arrays.idf.begin(), arrays.idf.end()),
      bias_(arrays.bias.begin(), arrays.bias.end()),
      rows_(arrays.weights, bias_.size()) {
    for (std::uint32_t count = 0; count < kCounts; ++count) damping_[count] = compute_damping(count);
}

Damping Weights::compute_damping(std::uint32_t count) {
    const double n = count, before = count == 0 ? 0 : 1 + std::log(n);
    const double step = count == 0 ? 1 : std::log1p(1 / n);  // not a difference of logarithms: that would lose bits
    return {step, step * (2 * before + step)};
}

}  // namespace xborder
