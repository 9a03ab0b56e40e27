#include "passages.hpp"

#include <algorithm>
#include <limits>

namespace xborder {
namespace {

constexpr double kLowest = -std::numeric_limits<double>::infinity();
constexpr std::size_t kPadding = 64;      // behind the occurrences, so that whole blocks of them may be read
constexpr std::uint32_t kHighest = 1u << 31;  // position from which on a text begins at the lowest one again

}  // namespace

Passages::Passages(const Linear& linear)
    : linear_(linear), sums_(best_sums()), tags_(8 * linear.lanes()), last_(linear.features()), progress_() {
    double* next = tags_.data();
    for (double** array : {&halves_[0].sums, &halves_[0].highest, &halves_[1].sums, &halves_[1].highest,
                           &progress_.sentence, &progress_.passage, &progress_.highest, &progress_.best}) {
        *array = next;
        next += linear.lanes();
    }
    progress_.last = last_.data();
    progress_.position = progress_.end = 1;
    begin_text();
}

void Passages::begin_text() {
    if (progress_.position >= kHighest) {
        std::fill(last_.begin(), last_.end(), 0);
        progress_.position = 1;
    }
    progress_.first = progress_.half = progress_.end = progress_.position;
    std::fill_n(progress_.best, linear_.lanes(), kLowest);
    n_halves_ = 0;
    begin_half();
}

void Passages::begin_half() {
    progress_.half_before = progress_.half;
    progress_.half = progress_.position;
    progress_.n_sentences = 0;
    half(n_halves_).squares = 0;
    std::fill_n(half(n_halves_).sums, linear_.lanes(), 0.0);
    std::fill_n(half(n_halves_).highest, linear_.lanes(), kLowest);
}

void Passages::add(const Stretch& stretch) {
    append(stretch);
    while (progress_.position != progress_.end) {
        if (progress_.n_sentences == linear_.half()) end_half();
        sums_.read(linear_.scale(), progress_, half(n_halves_), linear_.half());
    }
}

// Only the half at hand and the one before are needed any longer.
void Passages::append(const Stretch& stretch) {
    const std::size_t gone = progress_.half_before - progress_.first, kept = progress_.end - progress_.half_before;
    const std::size_t size = kept + stretch.n_features;
    if (features_.size() < size + kPadding) {
        features_.resize(2 * size + kPadding);
        for (auto* numbers : {&previous_, &in_sentence_, &in_half_, &repeats_, &shared_}) numbers->resize(features_.size());
        terms_.resize(features_.size());
    }
    if (gone > 0) {
        const auto move = [&](auto& numbers) { std::copy_n(numbers.begin() + static_cast<std::ptrdiff_t>(gone), kept, numbers.begin()); };
        move(features_);
        for (auto* numbers : {&previous_, &in_sentence_, &in_half_}) move(*numbers);
        progress_.first = progress_.half_before;
    }
    std::copy_n(stretch.features.begin(), stretch.n_features, features_.data() + kept);
    std::fill_n(in_sentence_.data() + kept, stretch.n_features, 1);
    std::fill_n(in_half_.data() + kept, stretch.n_features, 1);
    progress_.end += static_cast<std::uint32_t>(stretch.n_features);
    progress_.features = features_.data();
    progress_.previous = previous_.data();
    progress_.in_sentence = in_sentence_.data();
    progress_.in_half = in_half_.data();
    progress_.repeats = repeats_.data();
    progress_.shared = shared_.data();
    progress_.terms = terms_.data();
}

void Passages::end_half() {
    score();
    ++n_halves_;
    begin_half();
}

// The passage that ends with this half; the first half alone is none if another one follows.
void Passages::score() {
    sums_.mend(linear_.scale(), progress_, half(n_halves_));
    if (n_halves_ > 0) sums_.score(linear_.scale(), progress_, half(n_halves_), &half(n_halves_ + 1));
}

void Passages::finish(double* scores) {
    const std::size_t n_halves = n_halves_ + (progress_.n_sentences > 0);
    if (n_halves == 0)  // without any sentence the margins are those of one without features
        std::copy_n(linear_.scale().bias, linear_.lanes(), halves_[0].highest);
    if (progress_.n_sentences > 0) score();
    if (n_halves < 2) sums_.score(linear_.scale(), progress_, halves_[0], nullptr);
    std::copy_n(progress_.best, linear_.tags(), scores);
    begin_text();
}

}  // namespace xborder
