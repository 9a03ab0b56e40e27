// Sums of a text's features: of each sentence, of each half of a passage, of passages, and the scores of those. These
// loops take a third of a text's time. They are compiled twice, for AVX2 and for any processor, and so they know plain
// pointers only: a template of the standard library that was compiled for AVX2 here might be used everywhere.
#pragma once

#include <cstddef>
#include <cstdint>

#include "portable.hpp"
#include "tables.hpp"

namespace xborder {

// What the model says of the features.
struct Rows {
    const std::int16_t* numbers;
    std::size_t width, lanes;  // numbers of a row, and those of tags in it

    const std::int16_t* operator[](std::int64_t feature) const {
        return numbers + feature * static_cast<std::int64_t>(width);
    }
};

// What the last step of damped(n) = 1 + ln n adds to it and to its square; damped(0) is 0.
struct Step {
    double value, square;
};

constexpr std::uint32_t kDamped = 256;  // counts in a table; what follows is computed

// A row to be added, times a factor.
struct Term {
    const std::int16_t* row;
    double factor;
};

// Linear model and pooling of passages; arrays over tags have `rows.lanes` numbers.
struct Scale {
    Rows rows;
    Units units;           // of the numbers in rows, and of all sums of them
    const double* damped;  // by count
    const Step* steps;
    double (*damped_far)(std::uint32_t count);
    Step (*step_far)(std::uint32_t count);
    const double* bias;
    double boilerplate_bias;
    const double *of_passage, *of_sentence;  // margin by margin: its share in the score of every tag
    const double* intercept;
    std::size_t tags;
};

// Half of a passage.
struct Half {
    double *sums, *highest;  // of its sentences; the highest margin of a sentence
    double squares;
};

// Where a text stands.
//
// Each occurrence of a feature has a position, and the feature remembers that of its last one: one small number for a
// feature, and nothing has to be cleared behind a text. Positions from `first` on are indices of the arrays over
// occurrences.
struct Progress {
    const std::int32_t* features;              // sentences one after another, each with kEndOfSentence behind it
    std::uint32_t* last;                       // by feature: position of its last occurrence
    std::uint32_t* previous;                   // by occurrence: position of the one before of the same feature
    std::uint32_t *in_sentence, *in_half;      // by occurrence: counts with this one; 1 but for those that repeat
    std::uint32_t *repeats, *shared;           // lists of occurrences, as indices
    Term* terms;
    double *sentence, *passage, *highest, *best;  // by tag
    std::uint32_t first, position, end;        // end: behind the last sentence at hand
    std::uint32_t half_before, half;           // where the half before and this one begin
    std::uint32_t n_shared;
    std::size_t n_sentences;                   // in this half, but boilerplate
};

struct SumsVariant {
    // Read sentences until the half has so many or all at hand are read.
    void (*read)(const Scale& scale, Progress& progress, Half& half, std::size_t sentences);
    // Mend the sums of a half for what repeats in it. To be called once, at its end.
    void (*mend)(const Scale& scale, Progress& progress, Half& half);
    // Score the passage of two halves, this one and the one before, or of one.
    void (*score)(const Scale& scale, Progress& progress, const Half& half, const Half* other);
};

// The fastest one that this processor can run.
SumsVariant best_sums();

}  // namespace xborder
