// From words to features: kernel/vocabulary.py, compiled.
#pragma once

#include <cstdint>
#include <vector>

#include "hash_table.hpp"
#include "lexer.hpp"
#include "tables.hpp"

namespace xborder {

// All that is known about a unit, in one place, so that a word costs one cache line and not six.
struct Unit {
    std::int32_t unigram = kMissing;
    std::int32_t term_start = kMissing;
    bool opens = false, closes = false, abbreviation = false;
};

// Unit ids of a sentence and the feature ids found in it; reused from sentence to sentence.
struct Sentence {
    std::vector<std::uint32_t> units;
    std::vector<std::uint32_t> features;

    void clear() {
        units.clear();
        features.clear();
    }
};

class Vocabulary {
public:
    Vocabulary(const VocabularyArrays& arrays, std::size_t n_features);

    std::size_t home(const Token& token) const { return words_.home(token.key); }
    void fetch(std::size_t slot) const { words_.fetch(slot); }
    std::uint32_t unit(const Token& token, std::size_t slot) const {
        if (token.numeric) return kNumber;
        const std::int32_t found = words_.find(token.key, slot);
        return found == kMissing ? unknown() : static_cast<std::uint32_t>(found);
    }

    // The unit of all unknown words: a row of its own that starts, ends and is nothing.
    std::uint32_t unknown() const { return static_cast<std::uint32_t>(units_.size() - 1); }
    bool is_abbreviation(std::uint32_t unit) const { return units_[unit].abbreviation; }

    // Unigrams and bigrams of the sentence with its names folded, and the concepts of its terms. Changes its units.
    void find_features(Sentence& sentence) const;

private:
    static constexpr std::uint32_t kNumber = 0;

    // The longest name and the longest other term that begin at one place; size 0: none.
    struct Found {
        std::size_t name_size = 0, term_size = 0;
        std::int32_t name = kMissing, term = kMissing;
    };

    void find_terms(Sentence& sentence) const;
    Found longest(const std::vector<std::uint32_t>& units, std::size_t begin) const;
    std::int32_t step(std::int32_t node, std::uint32_t unit) const;
    std::uint32_t* find_unigrams(const std::vector<std::uint32_t>& units, std::uint32_t* out) const;
    std::uint32_t* find_bigrams(const std::vector<std::uint32_t>& units, std::uint32_t* out) const;

    HashTable<2> words_;
    HashTable<1> term_steps_;
    HashTable<1> bigrams_;
    std::vector<std::int32_t> node_names_, node_terms_;
    std::size_t longest_term_;
    std::vector<Unit> units_;
};

}  // namespace xborder
