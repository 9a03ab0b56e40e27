// From sentences to passages, and from those to the scores of a text: text/passages.py and kernel/pooling.py, compiled.
//
// Passages overlap by half, so two are open at a time. Their sums grow with every sentence: a feature counted the n-th
// time adds damped(n) - damped(n - 1) times its row, which in the end is damped(total). So each row is read once for
// the sentence and both passages, while it is in the cache, and nothing is walked over again.
#pragma once

#include <cstdint>
#include <vector>

#include "pooling.hpp"
#include "terms.hpp"
#include "weights.hpp"

namespace xborder {

class Passages {
public:
    Passages(const Weights& weights, const Pooling& pooling);

    // The features of the text's next sentence begin here; returns where those of the one behind it begin.
    const std::int32_t* add(const std::int32_t* features);

    // Write the scores of the text, those of its best passage for each tag, and forget the text.
    void finish(double* scores);

private:
    struct Passage {
        std::vector<double> sums, highest;  // by tag: of its features, and the highest margin of a sentence
        double squares = 0;
        bool open = false;
        std::vector<std::uint32_t> counted;  // features with a count
        std::size_t n_counted = 0;
    };

    void begin_block();
    void open(unsigned place);
    void open_empty();
    void count(unsigned place);
    void add_sentence();
    void close(unsigned place);
    void score(const Passage& passage);

    const Weights& weights_;
    const Pooling& pooling_;
    SentenceTerms terms_;
    Passage passages_[kOpen];
    std::size_t n_sentences_ = 0;  // but boilerplate
    std::vector<double> sums_, margins_, scores_, best_;
};

}  // namespace xborder
