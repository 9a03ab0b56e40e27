#include "passages.hpp"

#include <algorithm>
#include <limits>

namespace xborder {
namespace {

constexpr double kLowest = -std::numeric_limits<double>::infinity();

}  // namespace

Passages::Passages(const Weights& weights, const Pooling& pooling)
    : weights_(weights), pooling_(pooling), terms_(weights), sums_(weights.rows().stride()), margins_(weights.tags()),
      scores_(weights.tags()), best_(weights.tags(), kLowest) {
    for (Passage& passage : passages_) {
        passage.sums.resize(weights.rows().stride());
        passage.highest.resize(weights.tags());
        passage.counted.resize(weights.features() + 1);  // one more: a feature is written before it is known to be new
    }
}

const std::int32_t* Passages::add(const std::int32_t* features) {
    const std::int32_t* next = terms_.list(features);
    if (terms_.boilerplate()) return next;
    if (n_sentences_ % pooling_.half() == 0) begin_block();
    ++n_sentences_;
    for (unsigned place = 0; place < kOpen; ++place)
        if (passages_[place].open) count(place);
    add_sentence();
    return next;
}

// The passage before the last one is complete, and a new one takes its place.
void Passages::begin_block() {
    const unsigned place = n_sentences_ / pooling_.half() % kOpen;
    if (passages_[place].open) {
        score(passages_[place]);
        close(place);
    }
    open(place);
}

void Passages::open(unsigned place) {
    Passage& passage = passages_[place];
    std::fill(passage.sums.begin(), passage.sums.end(), 0.0);
    std::fill(passage.highest.begin(), passage.highest.end(), kLowest);
    passage.squares = 0;
    passage.open = true;
}

// What the sentence's features count in a passage.
void Passages::count(unsigned place) {
    Passage& passage = passages_[place];
    std::uint32_t* counted = passage.counted.data() + passage.n_counted;
    double squares = passage.squares;
    for (Term& term : terms_) {
        Feature& feature = terms_.feature(term.feature);
        std::uint32_t& total = feature.counts[place];
        *counted = term.feature;
        counted += total == 0;
        const double square = feature.idf * feature.idf;
        double gain = 0;
        for (std::uint32_t again = 0; again < term.count; ++again) {
            const Damping damping = weights_.damping(total++);
            gain += damping.step;
            squares += damping.square_step * square;
        }
        term.gains[place] = gain * feature.idf;
    }
    passage.squares = squares;
    passage.n_counted = static_cast<std::size_t>(counted - passage.counted.data());
}

void Passages::add_sentence() {
    std::fill(sums_.begin(), sums_.end(), 0.0);
    weights_.rows().add(terms_.view(), sums_.data(), passages_[0].sums.data(), passages_[1].sums.data());
    const double factor = unit_scale(terms_.squares());
    for (std::size_t tag = 0; tag < margins_.size(); ++tag) {
        const double margin = weights_.bias(tag) + sums_[tag] * factor;
        for (Passage& passage : passages_) passage.highest[tag] = std::max(passage.highest[tag], margin);
    }
}

void Passages::close(unsigned place) {
    Passage& passage = passages_[place];
    for (std::size_t i = 0; i < passage.n_counted; ++i) terms_.feature(passage.counted[i]).counts[place] = 0;
    passage.n_counted = 0;
    passage.open = false;
}

void Passages::score(const Passage& passage) {
    const double factor = unit_scale(passage.squares);
    for (std::size_t tag = 0; tag < margins_.size(); ++tag)
        margins_[tag] = weights_.bias(tag) + passage.sums[tag] * factor;
    pooling_.score(margins_.data(), passage.highest.data(), scores_.data());
    for (std::size_t tag = 0; tag < best_.size(); ++tag) best_[tag] = std::max(best_[tag], scores_[tag]);
}

void Passages::finish(double* scores) {
    if (n_sentences_ == 0) open_empty();
    // The passage opened last is but the end of the one before it, unless it is the only one.
    const std::size_t blocks = (n_sentences_ + pooling_.half() - 1) / pooling_.half();
    score(passages_[blocks < 2 ? 0 : blocks % kOpen]);
    std::copy(best_.begin(), best_.end(), scores);
    std::fill(best_.begin(), best_.end(), kLowest);
    for (unsigned place = 0; place < kOpen; ++place) close(place);
    n_sentences_ = 0;
}

// A text without any sentence has the margins of one without any feature.
void Passages::open_empty() {
    open(0);
    for (std::size_t tag = 0; tag < weights_.tags(); ++tag) passages_[0].highest[tag] = weights_.bias(tag);
}

}  // namespace xborder
