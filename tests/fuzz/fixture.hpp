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

// A flat file in memory and the arrays in it.
class Fixture {
public:
    explicit Fixture(const char* variable) {
        const char* path = std::getenv(variable);
        expect(path != nullptr, "the environment names no tables; see run.sh");
        std::ifstream file(path, std::ios::binary | std::ios::ate);
        words_.resize(static_cast<std::size_t>(file.tellg()) / 8);
        file.seekg(0);
        file.read(reinterpret_cast<char*>(words_.data()), static_cast<std::streamsize>(words_.size() * 8));
        expect(static_cast<bool>(file), "the tables cannot be read");
    }

    xborder::Arrays arrays() {
        next_ = words_.data();
        xborder::Arrays all;
        all.characters = {array<std::uint16_t>(), array<std::uint32_t>(), array<std::uint8_t>()};
        xborder::VocabularyArrays& words = all.vocabulary;
        for (xborder::HashArrays* table : {&words.words, &words.term_steps, &words.bigrams}) {
            table->keys = array<std::uint64_t>();
            table->values = array<std::int32_t>();
            table->seed = number();
            table->max_probe = number();
        }
        words.abbreviations = array<std::uint8_t>();
        for (auto* ids : {&words.term_starts, &words.node_names, &words.node_terms, &words.unigrams})
            *ids = array<std::int32_t>();
        words.opens = array<std::uint8_t>();
        words.closes = array<std::uint8_t>();
        words.longest_term = static_cast<std::int64_t>(number());
        all.linear = {array<double>(), array<double>(), array<double>()};
        all.pooling.mix = array<double>();
        all.pooling.intercept = array<double>();
        all.pooling.size = static_cast<std::int64_t>(number());
        all.common = static_cast<std::int64_t>(number());
        return all;
    }

private:
    std::uint64_t number() { return *next_++; }

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

// Results of one text.
struct Scores {
    std::vector<double> tags;
    std::int64_t words = -1, known = -1, common = -1;

    bool operator==(const Scores& other) const {
        return tags == other.tags && words == other.words && known == other.known && common == other.common;
    }
};

template <class Char>
Scores score(xborder::Kernel& kernel, const std::vector<Char>& characters, int width = sizeof(Char)) {
    Scores scores;
    scores.tags.resize(kernel.tags());
    // A copy of exactly this size, so that a sanitizer sees a read behind its end.
    std::vector<Char> text(characters);
    text.shrink_to_fit();
    const xborder::Text view{text.data(), text.size(), width};
    const xborder::Results results{scores.tags.data(), &scores.words, &scores.known, &scores.common};
    kernel.score(&view, 1, results, 1);
    return scores;
}
