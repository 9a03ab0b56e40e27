// The weights of all features, and sums of some of them.
#pragma once

#include <cstdint>
#include <vector>

#include "portable.hpp"
#include "tables.hpp"

namespace xborder {

constexpr unsigned kOpen = 2;  // passages that are open at once: each sentence lies in at most two

// A feature of a sentence.
struct Term {
    std::uint32_t feature, count;
    double value;         // in the sentence
    double gains[kOpen];  // what its values in the open passages gain by this sentence
};

struct Terms {
    const Term* data;
    std::size_t size;
};

// Sends for a feature's row well before it is added.
class RowFetcher {
public:
    RowFetcher() = default;
    RowFetcher(const void* first, std::size_t bytes) : first_(static_cast<const char*>(first)), bytes_(bytes) {}
    void fetch(std::uint32_t feature) const { prefetch(first_ + feature * bytes_); }

private:
    const char* first_ = nullptr;
    std::size_t bytes_ = 0;
};

constexpr std::size_t kLanes = 8;  // tags that are summed in registers at once

// Weights of one feature for kLanes tags; a row is one or more of them. Aligned, so that none lies on more cache lines
// than it needs.
template <class Number>
struct alignas(kLanes * sizeof(Number)) Piece {
    Number at[kLanes];
};

class Rows {
public:
    // `weights` are features by columns, of which the first ones belong to tags.
    Rows(Span<double> weights, std::size_t columns, std::size_t tags);

    // That many numbers must have room in sums: the tags rounded up to whole pieces.
    std::size_t stride() const { return pieces_ * kLanes; }

    RowFetcher fetcher() const { return fetcher_; }

    // Add each term's row to all three sums, times what it counts in each.
    void add(Terms terms, double* sentence, double* first, double* second) const;

private:
    std::size_t pieces_;                  // of each row
    std::vector<Piece<float>> single_;    // if no weight loses a bit by it: half as much memory to walk over
    std::vector<Piece<double>> double_;   // otherwise
    RowFetcher fetcher_;
    void (*add_single_)(Terms, const Piece<float>*, std::size_t, double*, double*, double*);
};

}  // namespace xborder
