// The loops of sums.hpp, for the processor that the file including this is compiled for.

#include <cmath>

#include "lanes.hpp"
#include "stretch.hpp"
#include "sums.hpp"

namespace xborder {
namespace {

#if defined(XBORDER_FUZZ)
constexpr std::uint32_t kLong = 255;  // so that it happens
#else
constexpr std::uint32_t kLong = 4'095;  // features: of so many the sums are good to 1e-10; see sum_long_sentence
#endif

// Rows are sent for so many occurrences ahead: 6% of the time. Behind the occurrences there is room to look.
constexpr std::size_t kAhead = 16;

// Sums over features: those of boilerplate, and squares.
struct Totals {
    double boilerplate = 0, squares = 0;
};

// What scales a vector to unit length; 0 for one that is empty.
inline double unit_scale(double squares) { return squares > 0 ? 1 / std::sqrt(squares) : 0; }

inline double damped(const Scale& scale, std::uint32_t count) {
    return count < kDamped ? scale.damped[count] : scale.damped_far(count);
}

inline Step step_to(const Scale& scale, std::uint32_t count) {
    return count < kDamped ? scale.steps[count] : scale.step_far(count);
}

// Of a feature, in its row.
inline double square(const Scale& scale, const std::int16_t* row) { return row[kSquare] * scale.units.square; }
inline double boilerplate(const Scale& scale, const std::int16_t* row) {
    return row[kBoilerplate] * scale.units.boilerplate;
}

// Sum a sentence as if each feature stood in it once, and note where each one stood last. Returns where it ends. The
// sums of a sentence of more than kLong features mean nothing.
inline std::uint32_t sum_sentence(const Scale& scale, const Progress& progress, Totals& totals) {
    const Rows rows = scale.rows;
    const std::uint32_t begin = progress.position - progress.first;
    const std::int32_t* next = progress.features + begin;
    std::uint32_t *const last = progress.last, *previous = progress.previous + begin;
    std::uint32_t position = progress.position;
    EightWhole sums = no_whole();
    EightWhole heads = no_whole();
    for (std::int32_t feature; (feature = *next++) != kEndOfSentence; ++position) {
        *previous++ = last[feature];
        last[feature] = position;
        prefetch(rows[next[kAhead]]);
        const std::int16_t* const row = rows[feature];
        heads = sum(heads, row);
        sums = sum(sums, row + kTags);
    }
    store(progress.sentence, exact(sums));
    totals = {first(heads) * scale.units.boilerplate, second(heads) * scale.units.square};
    return position;
}

// The tags that have no room in sum_sentence's registers.
inline void sum_more_tags(const Rows& rows, const Progress& progress, std::uint32_t end) {
    for (std::size_t lane = kLanes; lane < rows.lanes; lane += kLanes) {
        EightWhole sums = no_whole();
        for (std::uint32_t place = progress.position - progress.first; place != end - progress.first; ++place)
            sums = sum(sums, rows[progress.features[place]] + kTags + lane);
        store(progress.sentence + lane, exact(sums));
    }
}

inline void add_rows(std::size_t lanes, const Term* terms, std::size_t count, double* sums) {
    for (std::size_t lane = 0; lane < lanes; lane += kLanes) {
        Eight total = load(sums + lane);
        for (const Term* term = terms; term != terms + count; ++term)
            total = sum(total, term->factor, load(term->row + kTags + lane));
        store(sums + lane, total);
    }
}

// Call found(place) for the occurrences from `begin` to `end` whose feature stood at `limit` or later before.
template <class Found>
inline void for_each_repeat(const Progress& progress, std::uint32_t begin, std::uint32_t end, std::uint32_t limit,
                            Found found) {
    const std::uint32_t* const previous = progress.previous;
    const std::uint32_t stop = end - progress.first;
    for (std::uint32_t place = begin - progress.first; place < stop; place += 64) {
        std::uint64_t bits = 0;  // of all 64: a loop that ended earlier would end in a mispredicted branch
        for (std::uint32_t i = 0; i < 64; i += 8) bits |= std::uint64_t{at_least(previous + place + i, limit)} << i;
        for (bits &= low_bits(stop - place); bits != 0; bits &= bits - 1) found(place + lowest_bit(bits));
    }
}

// A feature that repeats in the sentence counts damped(n), not n.
inline void mend_sentence(const Scale& scale, const Progress& progress, std::uint32_t end, Totals& totals) {
    const std::uint32_t begin = progress.position, first = progress.first;
    for_each_repeat(progress, begin, end, begin, [&](std::uint32_t place) {
        const std::int32_t feature = progress.features[place];
        const std::uint32_t before = progress.previous[place] - first, count = progress.in_sentence[before] + 1;
        progress.in_sentence[place] = count;
        const Step step = step_to(scale, count), once = step_to(scale, 1);
        const double more = step.value - once.value;
        const Term term{scale.rows[feature], more};
        totals.squares += (step.square - once.square) * square(scale, term.row);
        totals.boilerplate += more * boilerplate(scale, term.row);
        add_rows(scale.rows.lanes, &term, 1, progress.sentence);
    });
}

// Sum a long sentence anew, each feature at its last occurrence, with its count. Adding occurrences up and taking
// nearly all of them away again would lose bits: a score of 40 moves by more than 1e-9 where a feature stands 60,000
// times. And the whole numbers of sum_sentence have no room for more than 65,535 rows.
inline void sum_long_sentence(const Scale& scale, const Progress& progress, std::uint32_t end, Totals& totals) {
    totals = Totals();
    for (std::size_t lane = 0; lane < scale.rows.lanes; lane += kLanes) store(progress.sentence + lane, zeros());
    for (std::uint32_t position = progress.position; position != end; ++position) {
        const std::uint32_t place = position - progress.first;
        const std::int32_t feature = progress.features[place];
        if (progress.last[feature] != position) continue;
        const double value = damped(scale, progress.in_sentence[place]);
        const Term term{scale.rows[feature], value};
        totals.squares += value * value * square(scale, term.row);
        totals.boilerplate += value * boilerplate(scale, term.row);
        add_rows(scale.rows.lanes, &term, 1, progress.sentence);
    }
}

// Boilerplate takes no part.
inline void forget(Progress& progress, std::uint32_t end) {
    for (std::uint32_t place = end - progress.first; place-- != progress.position - progress.first;) {
        progress.last[static_cast<std::uint32_t>(progress.features[place])] = progress.previous[place];
        progress.previous[place] = 0;
    }
}

inline void keep(const Scale& scale, Progress& progress, const Totals& totals, double factor, Half& half) {
    ++progress.n_sentences;
    half.squares += totals.squares;
    for (std::size_t lane = 0; lane < scale.rows.lanes; lane += kLanes) {
        const Eight sums = load(progress.sentence + lane);
        store(half.sums + lane, sum(load(half.sums + lane), sums));
        const Eight margins = sum(load(scale.bias + lane), factor, sums);
        store(half.highest + lane, higher(load(half.highest + lane), margins));
    }
}

void read_sentences(const Scale& scale, Progress& progress, Half& half, std::size_t sentences) {
    while (progress.n_sentences < sentences && progress.position != progress.end) {
        Totals totals;
        const std::uint32_t end = sum_sentence(scale, progress, totals);
        progress.previous[end - progress.first] = 0;
        sum_more_tags(scale.rows, progress, end);
        mend_sentence(scale, progress, end, totals);
        if (end - progress.position > kLong) sum_long_sentence(scale, progress, end, totals);
        const double factor = unit_scale(totals.squares);
        if (scale.boilerplate_bias + totals.boilerplate * factor > 0)
            forget(progress, end);
        else
            keep(scale, progress, totals, factor * scale.units.weight, half);
        progress.position = end + 1;
    }
}

// List what repeats in the half, and what stands in the half before as well.
inline std::uint32_t list_half(Progress& progress) {
    std::uint32_t *repeat = progress.repeats, *shared = progress.shared;
    for_each_repeat(progress, progress.half, progress.position, progress.half_before, [&](std::uint32_t place) {
        const bool here = progress.previous[place] >= progress.half;
        *repeat = *shared = place;
        repeat += here;
        shared += !here;
    });
    progress.n_shared = static_cast<std::uint32_t>(shared - progress.shared);
    return static_cast<std::uint32_t>(repeat - progress.repeats);
}

// A feature that repeats in the half counts damped of all its occurrences, not the sum of that over the sentences.
void mend_half(const Scale& scale, Progress& progress, Half& half) {
    const std::uint32_t n_repeats = list_half(progress);
    double squares = half.squares;
    for (std::uint32_t i = 0; i < n_repeats; ++i) {
        const std::uint32_t place = progress.repeats[i], before = progress.previous[place] - progress.first;
        const std::uint32_t count = progress.in_half[before] + 1;
        progress.in_half[place] = count;
        const Step step = step_to(scale, count), counted = step_to(scale, progress.in_sentence[place]);
        const std::int16_t* const row = scale.rows[progress.features[place]];
        squares += (step.square - counted.square) * square(scale, row);
        progress.terms[i] = {row, step.value - counted.value};
    }
    half.squares = squares;
    add_rows(scale.rows.lanes, progress.terms, n_repeats, half.sums);
}

// What both halves have counts damped of all its occurrences, not the sum of that over the halves.
inline double mend_passage(const Scale& scale, const Progress& progress, double squares) {
    Term* term = progress.terms;
    for (std::uint32_t i = 0; i < progress.n_shared; ++i) {
        const std::uint32_t place = progress.shared[i];
        const std::int32_t feature = progress.features[place];
        const std::uint32_t here = progress.in_half[progress.last[feature] - progress.first];
        const std::uint32_t there = progress.in_half[progress.previous[place] - progress.first];
        const double one = damped(scale, here), other = damped(scale, there), both = damped(scale, here + there);
        const std::int16_t* const row = scale.rows[feature];
        squares += (both * both - one * one - other * other) * square(scale, row);
        *term++ = {row, both - one - other};
    }
    add_rows(scale.rows.lanes, progress.terms, progress.n_shared, progress.passage);
    return squares;
}

// Scores are a mix of the margins of all tags.
inline void pool(const Scale& scale, const Progress& progress, double factor, const double* highest) {
    const std::size_t lanes = scale.rows.lanes;
    for (std::size_t lane = 0; lane < lanes; lane += kLanes) {
        const Eight margins = sum(load(scale.bias + lane), factor, load(progress.passage + lane));
        store(progress.passage + lane, margins);
    }
    for (std::size_t lane = 0; lane < lanes; lane += kLanes) {
        Eight scores = load(scale.intercept + lane);
        for (std::size_t tag = 0; tag < scale.tags; ++tag) {
            scores = sum(scores, progress.passage[tag], load(scale.of_passage + tag * lanes + lane));
            scores = sum(scores, highest[tag], load(scale.of_sentence + tag * lanes + lane));
        }
        store(progress.best + lane, higher(load(progress.best + lane), scores));
    }
}

void score_passage(const Scale& scale, Progress& progress, const Half& half, const Half* other) {
    double squares = half.squares;
    for (std::size_t lane = 0; lane < scale.rows.lanes; lane += kLanes) {
        Eight sums = load(half.sums + lane), highest = load(half.highest + lane);
        if (other != nullptr) {
            sums = sum(sums, load(other->sums + lane));
            highest = higher(highest, load(other->highest + lane));
        }
        store(progress.passage + lane, sums);
        store(progress.highest + lane, highest);
    }
    if (other != nullptr) squares = mend_passage(scale, progress, squares + other->squares);
    pool(scale, progress, unit_scale(squares) * scale.units.weight, progress.highest);
}

}  // namespace
}  // namespace xborder
