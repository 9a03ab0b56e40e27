// TF-IDF values and linear margins: kernel/tfidf.py, compiled.
#pragma once

#include <cstdint>
#include <vector>

#include "rows.hpp"
#include "tables.hpp"

namespace xborder {

// damped(n) = 1 + ln n, and 0 for n = 0: what the step from n to n + 1 adds to it and to its square.
struct Damping {
    double step, square_step;
};

class Weights {
public:
    explicit Weights(const LinearArrays& arrays);

    std::size_t features() const { return idf_.size(); }
    std::size_t tags() const { return bias_.size(); }
    const Rows& rows() const { return rows_; }

    double idf(std::uint32_t feature) const { return idf_[feature]; }
    double bias(std::size_t tag) const { return bias_[tag]; }

    Damping damping(std::uint32_t count) const { return count < kCounts ? damping_[count] : compute_damping(count); }

private:
    static constexpr std::uint32_t kCounts = 256;
    static Damping compute_damping(std::uint32_t count);

    std::vector<double> idf_, bias_;
    Rows rows_;
    Damping damping_[kCounts];
};

}  // namespace xborder
