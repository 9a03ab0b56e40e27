// Sentences one after another on their way from tokens to features. Everything is done in long loops over all of them,
// not sentence by sentence: short loops end in a mispredicted branch, and long ones keep many reads from memory under
// way.
#pragma once

#include <cstdint>
#include <vector>

#include "hash_tables.hpp"
#include "texts.hpp"

namespace xborder {

constexpr std::int32_t kEndOfSentence = -2;  // among features

struct Token {
    Word word;
    std::uint32_t begin, end;  // characters of the text
};

// A sentence ends before a token, in the gap between two runs.
struct Ending {
    std::size_t token;
    bool unless_abbreviated;
    Run before;
    std::size_t next;
};

// A word of the folded reading, with what it may add: itself, what it is a term of, and the pair it makes with the word
// before.
struct Place {
    std::uint64_t pair;
    const std::uint64_t* slot;  // where to look for the pair
    std::int32_t unigram, concept;
};

// Vectors are as long as they have ever been and filled up to a count, so that adding is one store.
struct Stretch {
    std::vector<Token> tokens;
    std::vector<Ending> endings;
    std::vector<std::int32_t> words;  // a unit for each token, in order, and one between sentences
    std::vector<Place> places;
    std::vector<std::int32_t> features;
    std::size_t n_tokens = 0, n_words = 0, n_places = 0, n_features = 0;

    void clear() {
        n_tokens = n_words = n_places = n_features = 0;
        endings.clear();
    }

    // Make room for so many more tokens.
    void make_room(std::size_t count) {
        if (n_tokens + count > tokens.size()) tokens.resize(2 * (n_tokens + count));
    }

    // Make room for what these tokens can become: a word and a term for each, and three features for each of those.
    void make_room_behind_tokens() {
        const std::size_t size = n_tokens + endings.size() + 1;
        if (words.size() >= size) return;
        words.resize(size);
        places.resize(2 * size);
        features.resize(6 * size + 1);
    }
};

}  // namespace xborder
