// From scores to probabilities, tags and flags: kernel/decision.py, compiled.
#pragma once

#include <cstdint>
#include <vector>

#include "tables.hpp"

namespace xborder {

// Where the predictions of one text go: arrays over tags, three flags, and counts of words.
struct Result {
    double *scores, *probabilities;
    std::uint8_t *applies, *review, *flags;
    std::int64_t *words, *known, *common;
};

class Decision {
public:
    explicit Decision(const DecisionArrays& arrays);

    // Fill in what follows from scores and counts.
    void decide(const Result& result) const;

private:
    std::vector<double> thresholds_, review_;
    double known_words_, common_share_;
};

}  // namespace xborder
