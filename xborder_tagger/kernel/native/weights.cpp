#include "weights.hpp"

#include <algorithm>
#include <cmath>

#include "check.hpp"

namespace xborder {
namespace {

bool finite(Span<double> numbers) {
    return std::all_of(numbers.begin(), numbers.end(), [](double number) { return std::isfinite(number); });
}

const LinearArrays& checked(const LinearArrays& arrays) {
    require(arrays.bias.size > 0, "there are no tags");
    require(arrays.weights.size % arrays.bias.size == 0 && arrays.weights.size / arrays.bias.size == arrays.idf.size,
            "weights have another shape than features by tags");
    require(finite(arrays.idf) && finite(arrays.weights) && finite(arrays.bias), "a number is not finite");
    require(std::all_of(arrays.idf.begin(), arrays.idf.end(), [](double idf) { return idf > 0; }), "an idf is not positive");
    return arrays;
}

}  // namespace

Weights::Weights(const LinearArrays& arrays)
    : idf_(checked(arrays).idf.begin(), arrays.idf.end()),
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
