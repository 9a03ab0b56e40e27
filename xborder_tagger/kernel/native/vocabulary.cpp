#include "vocabulary.hpp"

#include <algorithm>

namespace xborder {
namespace {

static_assert(kOpens << 1 == kCloses && kStarts << 1 == kContinues, "one shift brings a pair of flags together");

// Whether a term may begin with `word`: most words that begin one stand before others than those it goes on with.
bool may_start(const Word& word, const Word& next) {
    return ((word.flags & kAlone) | (word.flags & next.flags >> 1 & kStarts)) != 0;
}

void mark(std::vector<Word>& units, Span<std::uint8_t> chosen, Flag flag) {
    for (std::size_t i = 0; i < chosen.size; ++i) units[i].flags |= chosen[i] != 0 ? flag : 0u;
}

void mark_starting(std::vector<Word>& units, const VocabularyArrays& arrays) {
    for (std::size_t i = 0; i < arrays.term_starts.size; ++i) {
        const std::int32_t node = arrays.term_starts[i];
        if (node == kMissing) continue;
        const std::size_t place = static_cast<std::size_t>(node);
        const bool alone = arrays.node_names[place] != kMissing || arrays.node_terms[place] != kMissing;
        units[i].flags |= kStarts | (alone ? kAlone : 0u);
    }
}

// Units that some step of the trie reads: the low half of its key.
void mark_continuing(std::vector<Word>& units, const HashArrays& steps) {
    for (std::size_t slot = 0; slot < steps.values.size; ++slot) {
        const std::uint32_t unit = static_cast<std::uint32_t>(steps.keys[slot]);
        if (steps.values[slot] != kMissing && unit < units.size()) units[unit].flags |= kContinues;
    }
}

std::vector<Word> make_units(const VocabularyArrays& arrays, std::int64_t common) {
    std::vector<Word> units;
    for (const std::int32_t unigram : arrays.unigrams) {
        const bool is_common = unigram != kMissing && unigram < common;
        units.push_back({static_cast<std::int32_t>(units.size()), unigram, is_common ? kKnown | kCommon : 0u + kKnown});
    }
    mark(units, arrays.opens, kOpens);
    mark(units, arrays.closes, kCloses);
    mark(units, arrays.abbreviations, kAbbreviation);
    mark_starting(units, arrays);
    mark_continuing(units, arrays.term_steps);
    return units;
}

}  // namespace

void Stretch::grow() {
    capacity_ = std::max<std::size_t>(512, 2 * capacity_);
    words.resize(capacity_);
    pairs.resize(capacity_ + 1);
    features.resize(3 * capacity_ + 64);  // a word, a pair and a term at each place, and room to look ahead
}

Vocabulary::Vocabulary(const VocabularyArrays& arrays, std::int64_t common)
    : units_(make_units(arrays, common)),
      words_(arrays.words, units_),
      term_steps_(arrays.term_steps, arrays.node_names.size, units_.size()),
      bigrams_(arrays.bigrams, units_.size(), units_.size()),
      term_starts_(arrays.term_starts.begin(), arrays.term_starts.end()),
      node_names_(arrays.node_names.begin(), arrays.node_names.end()),
      node_terms_(arrays.node_terms.begin(), arrays.node_terms.end()),
      longest_term_(static_cast<std::size_t>(arrays.longest_term)) {}

void Vocabulary::find_features(Stretch& stretch) const {
    list_features(stretch);
    find_bigrams(stretch);
    drop_missing(stretch);
}

// std::remove, but without a branch for each feature.
void Vocabulary::drop_missing(Stretch& stretch) const {
    std::int32_t* const features = stretch.features.data();
    std::size_t kept = 0;
    for (std::size_t i = 0; i < stretch.n_features; ++i) {
        const std::int32_t feature = features[i];
        features[kept] = feature;
        kept += feature != kMissing;
    }
    stretch.n_features = kept;
}

// Terms longest first, from left to right. A name's concept takes the place of its words; other terms are added.
//
// Whether a word is a feature, or a pair may be one, is a coin toss that no branch predictor wins: each is written,
// and the end moves only behind those that count.
void Vocabulary::list_features(Stretch& stretch) const {
    Word* const words = stretch.words.data();
    Word* const end = words + stretch.n_words;
    *end = end_of_sentence();
    Stretch::Pair* pair = stretch.pairs.data();
    std::int32_t *const features = stretch.features.data(), *feature = features;
    const Word* term_end = words;
    Word left = end_of_sentence();
    for (const Word* next = words; next != end;) {
        Word word = *next++;
        if (may_start(word, *next)) {
            const Name name = read_terms(next - 1, term_end, feature);
            if (name.size > 0) word = name.word, next += name.size - 1;
        }
        *feature = word.unigram;
        feature += word.unigram != kMissing;
        const std::uint32_t first = static_cast<std::uint32_t>(left.id), second = static_cast<std::uint32_t>(word.id);
        const bool may_be = (left.flags & word.flags >> 1 & kOpens) != 0;
        *pair = {first, second, bigrams_.home(first, second), feature};
        bigrams_.fetch(pair->home);
        *feature = kMissing;
        pair += may_be;
        feature += may_be;
        left = word;
    }
    stretch.n_pairs = static_cast<std::size_t>(pair - stretch.pairs.data());
    stretch.n_features = static_cast<std::size_t>(feature - features);
}

// Terms that begin at a place or inside the name that begins there; the name.
Vocabulary::Name Vocabulary::read_terms(const Word* begin, const Word*& term_end, std::int32_t*& feature) const {
    const Found found = longest(begin);
    add_term(begin, found, term_end, feature);
    if (found.name_size == 0) return {};
    for (const Word* inside = begin + 1; inside < begin + found.name_size; ++inside)
        if (may_start(*inside, inside[1])) add_term(inside, longest(inside), term_end, feature);
    return {units_[static_cast<std::size_t>(found.name)], found.name_size};
}

void Vocabulary::add_term(const Word* begin, const Found& found, const Word*& term_end, std::int32_t*& feature) const {
    if (found.term_size == 0 || begin < term_end) return;
    term_end = begin + found.term_size;
    *feature = units_[static_cast<std::size_t>(found.term)].unigram;
    feature += *feature != kMissing;
}

Vocabulary::Found Vocabulary::longest(const Word* begin) const {
    Found found;
    std::int32_t node = term_starts_[static_cast<std::size_t>(begin->id)];
    for (std::size_t size = 1; size <= longest_term_ && node != kMissing; ++size) {
        const std::int32_t name = node_names_[static_cast<std::size_t>(node)];
        const std::int32_t term = node_terms_[static_cast<std::size_t>(node)];
        if (name != kMissing) found.name = name, found.name_size = size;
        if (term != kMissing) found.term = term, found.term_size = size;
        node = step(node, begin[size]);
    }
    return found;
}

// An end of sentence continues nothing, and one stands behind the last word.
std::int32_t Vocabulary::step(std::int32_t node, const Word& word) const {
    if ((word.flags & kContinues) == 0) return kMissing;
    return term_steps_.find(static_cast<std::uint32_t>(node), static_cast<std::uint32_t>(word.id));
}

void Vocabulary::find_bigrams(Stretch& stretch) const {
    const Stretch::Pair* const end = stretch.pairs.data() + stretch.n_pairs;
    for (const Stretch::Pair* pair = stretch.pairs.data(); pair != end; ++pair)
        *pair->feature = bigrams_.find(pair->left, pair->right, pair->home);
}

}  // namespace xborder
