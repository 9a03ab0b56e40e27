// What a kernel is built from: plain arrays that belong to the caller, as they lie in the model file.
#pragma once

#include <cstddef>
#include <cstdint>

namespace xborder {

constexpr std::int32_t kMissing = -1;  // "no such thing" in every table

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

// Open addressing; `keys` holds size / capacity words of 64 bits for each slot; see kernel/tables.py.
struct HashArrays {
    Span<std::uint64_t> keys;
    Span<std::int32_t> values;
    std::uint64_t seed = 0;
    std::uint64_t max_probe = 0;
};

// One field for each array of kernel/vocabulary.py, under its name there.
struct VocabularyArrays {
    HashArrays words;
    HashArrays term_steps;
    HashArrays bigrams;
    Span<std::uint8_t> abbreviations;
    Span<std::int32_t> term_starts;
    Span<std::int32_t> node_names;
    Span<std::int32_t> node_terms;
    Span<std::int32_t> unigrams;
    Span<std::uint8_t> opens;
    Span<std::uint8_t> closes;
    std::int64_t longest_term = 0;
};

// One column for each tag, and a last one for boilerplate; see kernel/tfidf.py.
struct LinearArrays {
    Span<double> idf;
    Span<double> weights;  // row by row: features by columns
    Span<double> bias;
};

// See kernel/pooling.py.
struct PoolingArrays {
    Span<double> mix;  // row by row: tags by (passage, sentence) by tags
    Span<double> intercept;
    std::int64_t size = 0;
};

struct Arrays {
    CharacterArrays characters;
    VocabularyArrays vocabulary;
    LinearArrays linear;
    PoolingArrays pooling;
    std::int64_t common = 0;  // features below this number are common words of the model's language
};

}  // namespace xborder
