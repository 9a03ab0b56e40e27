// The features of one sentence, each one once, and whether the sentence is boilerplate.
#pragma once

#include <cstdint>
#include <vector>

#include "vocabulary.hpp"
#include "weights.hpp"

namespace xborder {

// What is known of a feature while a text is read; half a cache line. `term` may be left over from another sentence:
// it counts if that term is of this feature, so that nothing has to be cleared behind a sentence (Briggs and Torczon
// 1993, An efficient representation for sparse sets).
struct Feature {
    double idf = 0, boilerplate = 0;  // copies, so that one line holds all
    std::uint32_t counts[kOpen] = {0, 0};  // in the open passages
    std::uint32_t term = 0;
};

class SentenceTerms {
public:
    explicit SentenceTerms(const Weights& weights);

    // List the terms of the sentence whose features begin here; returns where the next one begins.
    const std::int32_t* list(const std::int32_t* next);

    Term* begin() { return terms_.data(); }
    Term* end() { return terms_.data() + size_; }
    Terms view() const { return {terms_.data(), size_}; }
    double squares() const { return squares_; }
    bool boilerplate() const;

    Feature& feature(std::uint32_t id) { return features_[id + kNoFeatures]; }

private:
    // Rows in front of the first feature, so that kMissing and kEndOfSentence may be looked up, if not used.
    static constexpr std::size_t kNoFeatures = 2;

    XBORDER_INLINE void count_again(Term& term, const Feature& feature);

    const Weights& weights_;
    std::vector<Feature> features_;  // all there are
    std::vector<Term> terms_;
    std::size_t size_ = 0;
    double squares_ = 0, boilerplate_ = 0;
};

}  // namespace xborder
