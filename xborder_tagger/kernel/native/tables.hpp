// What a kernel is built from: plain arrays that belong to the caller, as they lie in the model file.
#pragma once

#include <cstddef>
#include <cstdint>

namespace xborder {

constexpr std::int32_t kMissing = -1;  // "no such thing" in every table

constexpr std::size_t kLanes = 8;  // numbers that are summed in a register at once

// Where a feature's row has what: two numbers and zeros up to kLanes, then the tags.
constexpr std::size_t kBoilerplate = 0, kSquare = 1, kTags = kLanes;

template <class T>
struct Span {
    const T* data = nullptr;
    std::size_t size = 0;

    const T& operator[](std::size_t i) const { return data[i]; }
    const T* begin() const { return data; }
    const T* end() const { return data + size; }
};

// Two-stage table from a code point to its entry; see text/normalise.py.
struct CharacterArrays {
    Span<std::uint16_t> pages;
    Span<std::uint32_t> entries;
    Span<std::uint8_t> pool;
};

// See kernel/tables.py. The number of factors is a power of two, at least two.
struct PlaceArrays {
    Span<std::uint16_t> factors;
    std::uint64_t seed = 0;
};

struct TableArrays {
    Span<std::uint64_t> slots;
    PlaceArrays places;
};

// One field for each array of kernel/vocabulary.py, under its name there.
struct VocabularyArrays {
    TableArrays words;
    TableArrays term_steps;
    TableArrays bigrams;
    Span<std::uint8_t> abbreviations;
    Span<std::int32_t> term_starts;
    Span<std::int32_t> node_names;
    Span<std::int32_t> node_terms;
    Span<std::int32_t> unigrams;
    std::int64_t longest_term = 0;
};

// Powers of two.
struct Units {
    double boilerplate = 1, square = 1, weight = 1;
};

// See kernel/tfidf.py.
struct LinearArrays {
    Span<std::int16_t> rows;  // for each feature its idf times the weight of boilerplate, its idf squared, zeros up to
                              // kTags, its idf times the weights of the tags, and zeros up to kLanes of them
    Units units;              // of the numbers in rows
    Span<double> bias;        // the last one is boilerplate's

    std::size_t tags() const { return bias.size - 1; }
    std::size_t lanes() const { return (tags() + kLanes - 1) / kLanes * kLanes; }
    std::size_t width() const { return kTags + lanes(); }
    std::size_t features() const { return rows.size / width(); }
};

// See kernel/pooling.py.
struct PoolingArrays {
    Span<double> mix;  // row by row: tags by (passage, sentence) by tags
    Span<double> intercept;
    std::int64_t size = 0;
};

// See kernel/decision.py.
struct DecisionArrays {
    Span<double> thresholds;
    Span<double> review;  // low and high end, tag by tag
    double known_words = 0, common_share = 0;
};

struct Arrays {
    CharacterArrays characters;
    VocabularyArrays vocabulary;
    LinearArrays linear;
    PoolingArrays pooling;
    DecisionArrays decision;
    std::int64_t common = 0;  // units below this number are common words of the model's language
};

}  // namespace xborder
