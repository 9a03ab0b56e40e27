// From words to features: kernel/vocabulary.py, compiled.
#pragma once

#include <cstdint>
#include <vector>

#include "hash_tables.hpp"
#include "stretch.hpp"
#include "tables.hpp"

namespace xborder {

enum Flag : std::uint32_t {
    kCommon = 1,     // a common word of the model's language
    kContinues = 2,  // stands inside a term
    kAbbreviation = 4,
    kKnown = 1u << 31,
};

// What is known of a unit.
struct Unit {
    std::uint64_t nexts = 0;           // bit i: a term goes on with a unit whose number ends in these six bits
    std::int32_t folded = kMissing;    // the unit that stands in its place: its concept if it is a name by itself
    std::int32_t unigram = kMissing;   // of `folded`
    std::int32_t concept = kMissing;   // unigram of the concept that it is a term of by itself
    std::uint32_t flags = 0;
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

class Vocabulary {
public:
    Vocabulary(const VocabularyArrays& arrays, std::int64_t common);

    const WordTable& words() const { return words_; }
    Token number() const { return {{0, &number_}, 0, 0}; }
    bool number_is_common() const { return (unit(0).flags & kCommon) != 0; }
    bool abbreviation(const Token& token) const { return abbreviation(unit_of(token)); }

    // From tokens to features: unigrams and bigrams of each sentence with its names folded, and the concepts of its
    // terms.
    void find_features(Stretch& stretch, Tally& tally) const;

    std::int32_t unit_of(const Token& token) const { return token.word.find(); }
    bool abbreviation(std::int32_t number) const { return (unit(number).flags & kAbbreviation) != 0; }
    std::int32_t end_of_sentence() const { return end_of_sentence_; }

    // The same features for one sentence, one by one: told(feature, first word, last word). Behind its `size` units stands
    // end_of_sentence().
    template <class Tell>
    void for_each_feature(const std::int32_t* units, std::size_t size, Tell told) const {
        const auto tell = [&](std::int32_t feature, std::size_t first, std::size_t last) {
            if (feature != kMissing) told(static_cast<std::size_t>(feature), first, last);
        };
        Folded left{kMissing, 0, 0};
        for (std::size_t at = 0, term_end = 0; at < size;) {
            Found found = longest(units + at);
            const Folded here = found.name_size == 0 ? Folded{units[at], at, at}
                                                     : Folded{found.name, at, at + found.name_size - 1};
            for (;;) {
                if (found.term_size != 0 && at >= term_end) {
                    term_end = at + found.term_size;
                    tell(unigram(found.term), at, term_end - 1);
                }
                if (++at > here.last) break;
                found = longest(units + at);
            }
            if (here.unit != kMissing) tell(unigram(here.unit), here.first, here.last);
            if (here.unit != kMissing && left.unit != kMissing)
                tell(bigrams_.find(left.unit, here.unit), left.first, here.last);
            left = here;
        }
    }

private:
    // A unit, and the words that it stands for.
    struct Folded {
        std::int32_t unit;
        std::size_t first, last;
    };

    // The longest name and the longest other term that begin at one place; size 0: none.
    struct Found {
        std::size_t name_size = 0, term_size = 0;
        std::int32_t name = kMissing, term = kMissing;
    };

    // How far places are listed: where the next one goes, and the first word behind the last term.
    struct Progress {
        Place* place;
        const std::int32_t* term_end;
    };

    void look_up(Stretch& stretch) const;
    void list_places(Stretch& stretch, Tally& tally) const;
    static void list_features(Stretch& stretch);

    const std::int32_t* read_terms(const std::int32_t* begin, Progress& progress, const Unit*& here) const;
    void add_term(const std::int32_t* begin, const Found& found, Progress& progress) const;
    Found longest(const std::int32_t* begin) const;
    std::int32_t unigram(std::int32_t unit) const { return unigrams_[static_cast<std::size_t>(unit)]; }
    std::int32_t step(std::int32_t node, std::int32_t unit) const;
    const Unit& unit(std::int32_t number) const { return units_[static_cast<std::size_t>(number + 1)]; }

    std::int32_t end_of_sentence_;  // a unit in no term and no pair, so that none reaches over it
    std::vector<Unit> units_;       // the first one is kMissing's, the last one end_of_sentence_'s
    WordTable words_;
    std::uint64_t number_ = 0;  // a slot that finds unit 0 for a hash of 0
    PairTable term_steps_, bigrams_;
    std::vector<std::int32_t> unigrams_, term_starts_, node_names_, node_terms_;
    std::size_t longest_term_;
};

}  // namespace xborder
