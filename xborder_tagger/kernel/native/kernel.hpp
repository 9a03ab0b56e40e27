// The compiled kernel: checked tables, and any number of threads that read texts with them.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "characters.hpp"
#include "scorer.hpp"
#include "tables.hpp"
#include "vocabulary.hpp"

namespace xborder {

// Row-by-row arrays with one row for each text.
struct Results {
    double* scores;
    std::int64_t* words;
    std::int64_t* known;
    std::int64_t* common;
};

class Kernel {
public:
    // Throws std::invalid_argument if the arrays do not fit together. Hash tables and rows of features are read where
    // they lie for as long as the kernel lives.
    explicit Kernel(const Arrays& arrays);

    std::size_t tags() const { return linear_.tags(); }

    // Score texts on up to `threads` threads. May be called by several threads at once.
    void score(const Text* texts, std::size_t count, const Results& results, unsigned threads);

private:
    class Lease;
    class Batch;

    Characters characters_;
    Vocabulary vocabulary_;
    Linear linear_;
    std::mutex mutex_;                             // guards idle_
    std::vector<std::unique_ptr<Scorer>> idle_;    // scratch memory, kept from call to call
};

}  // namespace xborder
