#include "passages.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace xborder {
namespace {

constexpr double kLowest = -std::numeric_limits<double>::infinity();
constexpr std::size_t kPadding = 64;  // behind the occurrences, so that whole blocks of them, or some ahead, may be read

// Positions are counted anew when they are higher, so that with a stretch's features all of them are below 2**31.
constexpr std::size_t kMostFeatures = std::size_t{1} << 30;
#if defined(XBORDER_FUZZ)
constexpr std::uint32_t kHighest = 1000;  // so that it happens
#else
constexpr std::uint32_t kHighest = std::uint32_t{1} << 30;
#endif

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
    if (stretch.n_features > kMostFeatures) throw std::length_error("a sentence of more than 2**30 features");
    const std::size_t kept = progress_.end - progress_.half_before;
    make_room(kept + stretch.n_features);
    drop_oldest(progress_.half_before - progress_.first, kept);
    if (progress_.end > kHighest) count_anew();
    std::copy_n(stretch.features.begin(), stretch.n_features, features_.data() + kept);
    std::fill_n(in_sentence_.data() + kept, stretch.n_features, 1);
    std::fill_n(in_half_.data() + kept, stretch.n_features, 1);
    progress_.end += static_cast<std::uint32_t>(stretch.n_features);
}

void Passages::drop_oldest(std::size_t count, std::size_t kept) {
    const auto move = [&](auto& numbers) { std::copy_n(numbers.data() + count, kept, numbers.data()); };
    move(features_);
    for (auto* numbers : {&previous_, &in_sentence_, &in_half_}) move(*numbers);
    progress_.first += static_cast<std::uint32_t>(count);
}

// The first position that is still needed becomes 1; 0 is none.
void Passages::count_anew() {
    const std::uint32_t gone = progress_.first - 1;
    const auto move = [gone](std::uint32_t& position) { position = position > gone ? position - gone : 0; };
    std::for_each(last_.begin(), last_.end(), move);
    std::for_each(previous_.begin(), previous_.end(), move);
    for (std::uint32_t* position :
         {&progress_.first, &progress_.position, &progress_.end, &progress_.half_before, &progress_.half})
        *position -= gone;
}

void Passages::make_room(std::size_t size) {
    if (features_.size() >= size + kPadding) return;
    features_.resize(2 * size + kPadding);
    terms_.resize(features_.size());
    for (auto* numbers : {&previous_, &in_sentence_, &in_half_, &repeats_, &shared_}) numbers->resize(features_.size());
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
