// From a passage's margins to its scores: kernel/pooling.py, compiled.
#pragma once

#include <cstddef>
#include <vector>

#include "tables.hpp"

namespace xborder {

class Pooling {
public:
    Pooling(const PoolingArrays& arrays, std::size_t tags);

    // A passage begins every so many sentences and is twice as long.
    std::size_t half() const { return half_; }

    // Scores of a passage for all tags, from its own margins and from the highest ones of its sentences.
    void score(const double* passage, const double* sentence, double* scores) const;

private:
    std::size_t half_, tags_;
    std::vector<double> mix_;  // margin by margin: its share in the score of every tag
    std::vector<double> intercept_;
};

}  // namespace xborder
