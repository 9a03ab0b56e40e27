// From words to features: kernel/vocabulary.py, compiled.
#pragma once

#include <cstdint>
#include <vector>

#include "hash_tables.hpp"
#include "tables.hpp"

namespace xborder {

enum Flag : std::uint32_t {
    kCommon = 1,        // a common word of the model's language
    kOpens = 2,         // begins a bigram
    kCloses = 4,        // ends a bigram
    kStarts = 8,        // begins a term of several units
    kContinues = 16,    // stands inside a term
    kAlone = 32,        // is a term by itself
    kAbbreviation = 64,
    kKnown = 1u << 31,
};

// How many words are common and how many known, in one sum of their flags: a text has less than 2**31 words.
class Tally {
public:
    void add(std::uint32_t flags) { sum_ += flags & (kCommon | kKnown); }
    std::int64_t common() const { return static_cast<std::int64_t>(sum_ & (kKnown - 1)); }
    std::int64_t known() const { return static_cast<std::int64_t>(sum_ / kKnown); }

private:
    std::uint64_t sum_ = 0;
};

// A unit, with the flags and the unigram that are asked for again and again.
using Word = WordEntry;

// Sentences one after another, and the features found in them. Everything is done in long loops over all sentences
// at hand, not sentence by sentence: short loops end in a mispredicted branch, and long ones keep many reads from
// memory under way. A sentence end is a word of its own, which begins and ends nothing, so that no term and no bigram
// reaches over it; among the features it is kEndOfSentence.
class Stretch {
public:
    static constexpr std::int32_t kEndOfSentence = -2;

    struct Pair {
        std::uint32_t left, right;
        std::size_t home;
        std::int32_t* feature;  // where its feature goes
    };

    // Vectors are as long as they have ever been and filled up to a count, so that adding is one store.
    std::vector<Word> words;
    std::vector<std::int32_t> features;
    std::vector<Pair> pairs;
    std::size_t n_words = 0, n_features = 0, n_pairs = 0;

    Stretch() { grow(); }

    void add(const Word& word) {
        words[n_words++] = word;
        if (n_words == capacity_) grow();  // one place stays free behind the last word
    }

    void clear() { n_words = n_features = n_pairs = 0; }

private:
    void grow();

    std::size_t capacity_ = 0;
};

class Vocabulary {
public:
    Vocabulary(const VocabularyArrays& arrays, std::int64_t common);

    // An unknown word is an empty entry, which is, begins and ends nothing.
    const WordTable& words() const { return words_; }
    const Word& number() const { return units_[0]; }
    static Word end_of_sentence() { return {kMissing, Stretch::kEndOfSentence, 0}; }

    // Unigrams and bigrams of each sentence with its names folded, and the concepts of its terms.
    void find_features(Stretch& stretch) const;

private:
    // The longest name and the longest other term that begin at one place; size 0: none.
    struct Found {
        std::size_t name_size = 0, term_size = 0;
        std::int32_t name = kMissing, term = kMissing;
    };

    // The concept that takes the place of `size` words; size 0: none.
    struct Name {
        Word word;
        std::size_t size = 0;
    };

    Name read_terms(const Word* begin, const Word*& term_end, std::int32_t*& feature) const;
    void add_term(const Word* begin, const Found& found, const Word*& term_end, std::int32_t*& feature) const;
    Found longest(const Word* begin) const;
    std::int32_t step(std::int32_t node, const Word& word) const;
    void list_features(Stretch& stretch) const;
    void find_bigrams(Stretch& stretch) const;
    void drop_missing(Stretch& stretch) const;

    std::vector<Word> units_;
    WordTable words_;
    PairTable term_steps_, bigrams_;
    std::vector<std::int32_t> term_starts_, node_names_, node_terms_;
    std::size_t longest_term_;
};

}  // namespace xborder
