#include "linear.hpp"

#include <algorithm>
#include <cmath>

namespace xborder {
namespace {

double compute_damped(std::uint32_t count) { return count == 0 ? 0 : 1 + std::log(count); }

Step step_to(std::uint32_t count) {
    const double before = compute_damped(count - 1);
    const double step = count == 1 ? 1 : std::log1p(1 / (count - 1.0));  // a difference of logarithms would lose bits
    return {step, step * (2 * before + step)};
}

}  // namespace

Linear::Linear(const LinearArrays& linear, const PoolingArrays& pooling)
    : features_(linear.features()), half_(static_cast<std::size_t>(pooling.size) / 2) {
    scale_.rows = {linear.rows.data, linear.width(), linear.lanes()};
    scale_.units = linear.units;
    scale_.boilerplate_bias = linear.bias[linear.tags()];
    scale_.tags = linear.tags();
    copy_tags(linear, pooling);
    make_steps();
}

void Linear::copy_tags(const LinearArrays& linear, const PoolingArrays& pooling) {
    const std::size_t tags = linear.tags(), lanes = linear.lanes();
    tags_.resize((2 + 2 * tags) * lanes);
    double *const bias = tags_.data(), *const intercept = bias + lanes, *const mix = intercept + lanes;
    std::copy_n(linear.bias.begin(), tags, bias);
    std::copy_n(pooling.intercept.begin(), tags, intercept);
    for (std::size_t tag = 0; tag < tags; ++tag)
        for (std::size_t margin = 0; margin < 2 * tags; ++margin)
            mix[margin * lanes + tag] = pooling.mix[tag * 2 * tags + margin];
    scale_.bias = bias;
    scale_.intercept = intercept;
    scale_.of_passage = mix;
    scale_.of_sentence = mix + tags * lanes;
}

void Linear::make_steps() {
    for (std::uint32_t count = 0; count < kDamped; ++count) {
        damped_.push_back(compute_damped(count));
        steps_.push_back(count == 0 ? Step{} : step_to(count));
    }
    scale_.damped = damped_.data();
    scale_.steps = steps_.data();
    scale_.damped_far = compute_damped;
    scale_.step_far = step_to;
}

}  // namespace xborder
