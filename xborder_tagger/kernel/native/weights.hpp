// TF-IDF values and linear margins: kernel/tfidf.py, compiled.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "rows.hpp"
#include "tables.hpp"

namespace xborder {

// damped(n) = 1 + ln n, and 0 for n = 0: what the step from n to n + 1 adds to it and to its square.
struct Damping {
    double step, square_step;
};

// What scales a vector to unit length; 0 for one that is empty.
inline double unit_scale(double squares) { return squares > 0 ? 1 / std::sqrt(squares) : 0; }

class Weights {
public:
    explicit Weights(const LinearArrays& arrays);

    std::size_t features() const { return idf_.size(); }
    std::size_t tags() const { return bias_.size() - 1; }
    const Rows& rows() const { return rows_; }

    double idf(std::size_t feature) const { return idf_[feature]; }
    double bias(std::size_t tag) const { return bias_[tag]; }
    double boilerplate(std::size_t feature) const { return boilerplate_[feature]; }
    double boilerplate_bias() const { return bias_.back(); }

    Damping damping(std::uint32_t count) const { return count < kCounts ? damping_[count] : compute_damping(count); }

private:
    static constexpr std::uint32_t kCounts = 256;
    static Damping compute_damping(std::uint32_t count);

    std::vector<double> idf_, bias_, boilerplate_;
    Rows rows_;
    Damping damping_[kCounts];
};

}  // namespace xborder
