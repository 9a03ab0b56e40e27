// The weights of all features, and sums of some of them.
#pragma once

#include <cstdint>
#include <vector>

#include "portable.hpp"
#include "tables.hpp"

namespace xborder {

// A feature of a sentence.
struct Term {
    std::uint32_t feature, count;
    double sentence, document;  // its value here, and what the document's value gains by this sentence
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

class Rows {
public:
    // `weights` are features by tags.
    Rows(Span<double> weights, std::size_t tags);

    // Tags rounded up to a multiple of 8: that many numbers have room in sums.
    std::size_t stride() const { return stride_; }

    RowFetcher fetcher() const { return fetcher_; }

    // Add each term's row to both sums, times what it counts.
    void add(Terms terms, double* sentence, double* document) const;

private:
    std::size_t stride_;
    std::vector<float> single_;   // if no weight loses a bit by it: half as much memory to walk over
    std::vector<double> double_;  // otherwise
    RowFetcher fetcher_;
    void (*add_single_)(Terms, const float*, std::size_t, double*, double*);
};

}  // namespace xborder
