// Tables for the harnesses, as dump_tables.py wrote them.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <vector>

#include "kernel.hpp"

inline void expect(bool condition, const char* what) {
    if (condition) return;
    std::fprintf(stderr, "broken: %s\n", what);
    std::abort();
}

// A whole file.
inline std::vector<std::uint64_t> read_words(const char* path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    expect(static_cast<bool>(file), "a file is missing");
    std::vector<std::uint64_t> words(static_cast<std::size_t>(file.tellg()) / 8);
    file.seekg(0);
    file.read(reinterpret_cast<char*>(words.data()), static_cast<std::streamsize>(words.size() * 8));
    expect(static_cast<bool>(file), "a file cannot be read");
    return words;
}

// A flat file in memory and the arrays in it.
class Fixture {
public:
    explicit Fixture(const char* variable) {
        const char* path = std::getenv(variable);
        expect(path != nullptr, "the environment names no tables; see run.sh");
        words_ = read_words(path);
    }

    std::size_t bytes() const { return words_.size() * 8; }

    xborder::Arrays arrays() {
        next_ = words_.data();
        xborder::Arrays all;
        all.characters = {array<std::uint16_t>(), array<std::uint32_t>(), array<std::uint8_t>()};
        xborder::VocabularyArrays& words = all.vocabulary;
        words.words = {array<std::uint64_t>(), places()};
        words.term_steps = {array<std::uint64_t>(), places()};
        words.bigrams = {array<std::uint64_t>(), places()};
        words.abbreviations = array<std::uint8_t>();
        for (auto* ids : {&words.term_starts, &words.node_names, &words.node_terms, &words.unigrams})
            *ids = array<std::int32_t>();
        words.longest_term = static_cast<std::int64_t>(number());
        all.linear.rows = array<std::int16_t>();
        for (double* unit : {&all.linear.units.boilerplate, &all.linear.units.square, &all.linear.units.weight})
            *unit = real();
        all.linear.bias = array<double>();
        all.pooling.mix = array<double>();
        all.pooling.intercept = array<double>();
        all.pooling.size = static_cast<std::int64_t>(number());
        all.decision = {array<double>(), array<double>(), real(), real()};
        all.common = static_cast<std::int64_t>(number());
        return all;
    }

private:
    std::uint64_t number() { return *next_++; }

    double real() {
        const std::uint64_t bits = number();
        double found;
        std::memcpy(&found, &bits, sizeof found);
        return found;
    }

    xborder::PlaceArrays places() {
        const xborder::Span<std::uint16_t> factors = array<std::uint16_t>();
        return {factors, number()};
    }

    template <class T>
    xborder::Span<T> array() {
        const std::size_t size = number();
        const xborder::Span<T> found{reinterpret_cast<const T*>(next_), size};
        next_ += (size * sizeof(T) + 7) / 8;
        return found;
    }

    std::vector<std::uint64_t> words_;
    const std::uint64_t* next_ = nullptr;
};

// Predictions for one text.
struct Scores {
    explicit Scores(std::size_t n_tags) : tags(n_tags), probabilities(n_tags), cells(2 * n_tags + xborder::kFlags) {}

    std::vector<double> tags, probabilities;
    std::vector<std::uint8_t> cells;  // applies, review, flags
    std::int64_t words = -1, known = -1, common = -1;

    xborder::Result view() {
        std::uint8_t* const cell = cells.data();
        const std::size_t n = tags.size();
        return {tags.data(), probabilities.data(), cell, cell + n, cell + 2 * n, &words, &known, &common};
    }

    bool operator==(const Scores& other) const {
        return tags == other.tags && probabilities == other.probabilities && cells == other.cells &&
               words == other.words && known == other.known && common == other.common;
    }
};

// A copy of exactly the text's size, so that a sanitizer sees a read behind its end.
template <class Char>
std::vector<Char> exactly(const std::vector<Char>& characters) {
    std::vector<Char> text(characters);
    text.shrink_to_fit();
    return text;
}

template <class Char>
Scores score(xborder::Kernel& kernel, const std::vector<Char>& characters, int width = sizeof(Char)) {
    Scores scores(kernel.tags());
    const std::vector<Char> text = exactly(characters);
    const xborder::Text view{text.data(), text.size(), width};
    kernel.predict(&view, 1, scores.view(), 1);
    return scores;
}

// Parts of a text's words in the scores of all tags.
template <class Char>
xborder::Explanation explain(xborder::Kernel& kernel, const std::vector<Char>& characters) {
    const std::vector<Char> text = exactly(characters);
    std::vector<std::size_t> tags(kernel.tags());
    for (std::size_t tag = 0; tag < tags.size(); ++tag) tags[tag] = tag;
    return kernel.explain({text.data(), text.size(), sizeof(Char)}, tags);
}

// What holds of every explanation: tokens and sentences ascend and lie in the text.
inline void expect_in_order(const xborder::Explanation& found, std::size_t length) {
    const auto end = static_cast<std::int64_t>(length), n_tokens = static_cast<std::int64_t>(found.starts.size());
    std::int64_t before = 0;
    for (std::size_t token = 0; token < found.starts.size(); ++token) {
        expect(before <= found.starts[token] && found.starts[token] < found.ends[token], "tokens overlap");
        before = found.ends[token];
    }
    expect(before <= end, "a token lies outside the text");
    expect(found.first.size() == found.begins.size() + 1 && found.first.back() == n_tokens, "sentences miss tokens");
    for (std::size_t number = 0; number < found.begins.size(); ++number) {
        const std::int64_t first = found.first[number], next = found.first[number + 1];
        expect(first < next, "a sentence has no token");
        const std::int64_t start = found.starts[static_cast<std::size_t>(first)];
        const std::int64_t last = found.ends[static_cast<std::size_t>(next - 1)];
        expect(found.begins[number] <= start && last <= found.stops[number], "a token lies outside its sentence");
        expect(found.stops[number] <= end, "a sentence ends outside the text");
    }
}
