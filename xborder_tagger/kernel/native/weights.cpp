#include "weights.hpp"

#include <cmath>

namespace xborder {

Weights::Weights(const LinearArrays& arrays)
    : idf_(arrays.idf.begin(), arrays.idf.end()),
      bias_(arrays.bias.begin(), arrays.bias.end()),
      boilerplate_(idf_.size()),
      rows_(arrays.weights, bias_.size(), tags()) {
    for (std::size_t feature = 0; feature < idf_.size(); ++feature)
        boilerplate_[feature] = arrays.weights[feature * bias_.size() + tags()];
    for (std::uint32_t count = 0; count < kCounts; ++count) damping_[count] = compute_damping(count);
}

Damping Weights::compute_damping(std::uint32_t count) {
    const double n = count, before = count == 0 ? 0 : 1 + std::log(n);
    const double step = count == 0 ? 1 : std::log1p(1 / n);  // not a difference of logarithms: that would lose bits
    return {step, step * (2 * before + step)};
}

}  // namespace xborder
