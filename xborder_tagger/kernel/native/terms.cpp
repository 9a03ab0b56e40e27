#include "terms.hpp"

namespace xborder {
namespace {

constexpr std::size_t kAhead = 12;  // features that are fetched before they are needed

}  // namespace

SentenceTerms::SentenceTerms(const Weights& weights)
    : weights_(weights), features_(weights.features() + kNoFeatures), terms_(weights.features()) {
    for (std::uint32_t id = 0; id < weights.features(); ++id) {
        feature(id).idf = weights.idf(id);
        feature(id).boilerplate = weights.boilerplate(id);
    }
}

// Nearly all features stand in a sentence once; the few others are counted again.
const std::int32_t* SentenceTerms::list(const std::int32_t* next) {
    const RowFetcher rows = weights_.rows().fetcher();
    Feature* const features = features_.data() + kNoFeatures;
    Term* const terms = terms_.data();
    std::uint32_t size = 0;
    squares_ = boilerplate_ = 0;
    for (; *next != Stretch::kEndOfSentence; ++next) {
        prefetch(features + next[kAhead]);
        const std::uint32_t id = static_cast<std::uint32_t>(*next);
        rows.fetch(id);
        Feature& feature = features[id];
        if (terms[feature.term].feature == id && feature.term < size) {
            count_again(terms[feature.term], feature);
            continue;
        }
        squares_ += feature.idf * feature.idf;
        boilerplate_ += feature.idf * feature.boilerplate;
        terms[size] = {id, 1, feature.idf, {0, 0}};
        feature.term = size++;
    }
    size_ = size;
    return next + 1;
}

void SentenceTerms::count_again(Term& term, const Feature& feature) {
    const Damping damping = weights_.damping(term.count++);
    const double gain = damping.step * feature.idf;
    term.value += gain;
    squares_ += damping.square_step * (feature.idf * feature.idf);
    boilerplate_ += gain * feature.boilerplate;
}

bool SentenceTerms::boilerplate() const {
    return weights_.boilerplate_bias() + boilerplate_ * unit_scale(squares_) > 0;
}

}  // namespace xborder
