// What the model says of the features, and how margins become scores: kernel/tfidf.py and kernel/pooling.py, compiled.
#pragma once

#include <cstdint>
#include <vector>

#include "sums.hpp"
#include "tables.hpp"

namespace xborder {

class Linear {
public:
    Linear(const LinearArrays& linear, const PoolingArrays& pooling);
    Linear(const Linear&) = delete;  // scale() points into it
    Linear& operator=(const Linear&) = delete;

    const Scale& scale() const { return scale_; }
    std::size_t tags() const { return scale_.tags; }
    std::size_t lanes() const { return scale_.rows.lanes; }
    std::size_t features() const { return features_; }

    // 1 + ln n, and 0 for n = 0.
    double damped(std::uint32_t count) const { return count < kDamped ? damped_[count] : scale_.damped_far(count); }

    // Of a feature: its idf squared, and its idf times its weight of boilerplate.
    double square(std::size_t feature) const { return number(feature, kSquare) * scale_.units.square; }
    double boilerplate(std::size_t feature) const { return number(feature, kBoilerplate) * scale_.units.boilerplate; }

    // Shares of a margin in the score of a tag.
    double of_passage(std::size_t margin, std::size_t tag) const { return scale_.of_passage[margin * lanes() + tag]; }
    double of_sentence(std::size_t margin, std::size_t tag) const { return scale_.of_sentence[margin * lanes() + tag]; }

    // Sentences in half a passage.
    std::size_t half() const { return half_; }

private:
    std::int16_t number(std::size_t feature, std::size_t column) const {
        return scale_.rows[static_cast<std::int64_t>(feature)][column];
    }

    void copy_tags(const LinearArrays& linear, const PoolingArrays& pooling);
    void make_steps();

    std::size_t features_, half_;
    std::vector<double> tags_;    // all arrays over tags
    std::vector<double> damped_;
    std::vector<Step> steps_;
    Scale scale_{};
};

}  // namespace xborder
