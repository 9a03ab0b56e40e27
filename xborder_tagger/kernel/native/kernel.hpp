// The compiled kernel: checked tables, and any number of threads that read texts with them.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "characters.hpp"
#include "decision.hpp"
#include "explain.hpp"
#include "scorer.hpp"
#include "tables.hpp"
#include "vocabulary.hpp"

namespace xborder {

constexpr std::size_t kFlags = 3;

class Kernel {
public:
    // Throws std::invalid_argument if the arrays do not fit together. Hash tables and rows of features are read where
    // they lie for as long as the kernel lives.
    explicit Kernel(const Arrays& arrays);

    std::size_t tags() const { return linear_.tags(); }

    // Predict texts on up to `threads` threads. `first` is where the first one's predictions go, and the next one's lie
    // behind them in each array. May be called by several threads at once.
    void predict(const Text* texts, std::size_t count, const Result& first, unsigned threads);

    // Explain the scores of a text for some tags. May be called by several threads at once.
    Explanation explain(const Text& text, const std::vector<std::size_t>& tags);

private:
    class Lease;
    class Batch;

    Characters characters_;
    Vocabulary vocabulary_;
    Linear linear_;
    Decision decision_;
    std::mutex mutex_;                             // guards idle_
    std::vector<std::unique_ptr<Scorer>> idle_;    // scratch memory, kept from call to call
    std::vector<std::unique_ptr<Explainer>> idle_explainers_;
};

}  // namespace xborder
