#include "vocabulary.hpp"

#include <algorithm>

namespace xborder {
namespace {

static_assert(kOpens << 1 == kCloses && kStarts << 1 == kContinues, "one shift brings a pair of flags together");

std::uint32_t flag(bool condition, Flag flag) { return condition ? flag : 0u; }

std::vector<Unit> make_units(const VocabularyArrays& arrays, std::int64_t common) {
    const std::size_t n = arrays.unigrams.size;
    std::vector<Unit> units(n + 2, Unit{0, kMissing, kMissing, kMissing, 0});
    for (std::size_t i = 0; i < n; ++i) {
        Unit& unit = units[i + 1];
        const std::int32_t node = arrays.term_starts[i];
        const std::int32_t name = node == kMissing ? kMissing : arrays.node_names[node];
        const std::int32_t term = node == kMissing ? kMissing : arrays.node_terms[node];
        const std::size_t folded = name == kMissing ? i : static_cast<std::size_t>(name);
        unit.folded = (std::int32_t)folded;
        unit.unigram = arrays.unigrams[folded];
        unit.concept = term == kMissing ? kMissing : arrays.unigrams[term];
        const std::int32_t own = arrays.unigrams[i];
        unit.flags = flag(own != kMissing && own < common, kCommon) | flag(arrays.opens[folded], kOpens) | flag(arrays.closes[folded], kCloses) |
            flag(arrays.abbreviations[i], kAbbreviation) | flag(term != kMissing, kAlone) | kKnown;
    }
    std::vector<std::uint64_t> nexts(arrays.node_names.size);
    for (const std::uint64_t slot : arrays.term_steps.slots) {
        if ((slot & 0xFFFFFF) == 0xFFFFFF) continue;
        const std::uint64_t node = slot >> 44, unit = slot >> 24 & 0xFFFFF;
        if (unit < n) units[unit + 1].flags |= kContinues;
        if (node < nexts.size()) nexts[node] |= std::uint64_t{1} << (unit & 63);
    }
    for (std::size_t i = 0; i < n; ++i) if (arrays.term_starts[i] != kMissing) units[i + 1].nexts = nexts[arrays.term_starts[i]];
    units[n + 1].unigram = kEndOfSentence;
    return units;
}

}  // namespace

Vocabulary::Vocabulary(const VocabularyArrays& arrays, std::int64_t common)
    : end_of_sentence_(static_cast<std::int32_t>(arrays.unigrams.size)),
      units_(make_units(arrays, common)),
      words_(arrays.words),
      number_{{0, 0}, 0},
      term_steps_(arrays.term_steps),
      bigrams_(arrays.bigrams),
      unigrams_(arrays.unigrams.begin(), arrays.unigrams.end()),
      term_starts_(arrays.term_starts.begin(), arrays.term_starts.end()),
      node_names_(arrays.node_names.begin(), arrays.node_names.end()),
      node_terms_(arrays.node_terms.begin(), arrays.node_terms.end()),
      longest_term_(static_cast<std::size_t>(arrays.longest_term)) {}

void Vocabulary::find_features(Stretch& stretch, Tally& tally) const {
    stretch.fit();
    look_up(stretch);
    list_places(stretch, tally);
    list_features(stretch);
}

void Vocabulary::look_up(Stretch& stretch) const {
    const Token* token = stretch.tokens.data();
    std::int32_t* word = stretch.words.data();
    const std::int32_t* sentence = word;
    for (const Ending& ending : stretch.endings) {
        const Token* const end = stretch.tokens.data() + ending.token;
        for (; token != end; ++token) {
            const std::int32_t found = WordTable::find(token->key, *token->slot);
            *word++ = found;
            prefetch(&unit(found));
        }
        if (word == sentence || (ending.unless_abbreviated && (unit(word[-1]).flags & kAbbreviation) != 0)) continue;
        *word++ = end_of_sentence_;
        sentence = word;
    }
    *word = end_of_sentence_;
    stretch.n_words = static_cast<std::size_t>(word - stretch.words.data());
}

// Terms longest first, from left to right. A name's concept takes the place of its words; other terms are added.
void Vocabulary::list_places(Stretch& stretch, Tally& tally) const {
    const std::int32_t* const words = stretch.words.data();
    const std::int32_t* const end = words + stretch.n_words;
    Place* place = stretch.places.data();
    const std::int32_t* term_end = words;
    const Unit* left = &unit(kMissing);
    Tally counts = tally;
    const PairTable bigrams = bigrams_;
    for (const std::int32_t* next = words; next != end;) {
        const Unit* here = &unit(*next);
        const std::int32_t* const word = next++;
        counts.add(here->flags);
        std::int32_t concept = here->concept | missing_if(word < term_end);
        if ((here->nexts >> (*next & 63) & 1) != 0) {
            concept = kMissing;
            next = read_terms(word, term_end, place, here);
            for (const std::int32_t* inside = word + 1; inside < next; ++inside) counts.add(unit(*inside).flags);
        }
        const std::uint64_t pair = PairTable::join(left->folded, here->folded);
        const std::uint64_t* const slot = bigrams.place(pair);
        prefetch(slot);
        *place++ = {pair, slot, here->unigram, concept};
        left = here;
    }
    tally = counts;
    stretch.n_places = static_cast<std::size_t>(place - stretch.places.data());
}

// Terms that begin at a place or inside the name that begins there; the word after it.
const std::int32_t* Vocabulary::read_terms(const std::int32_t* begin, const std::int32_t*& term_end, Place*& place, const Unit*& here) const {
    const Found found = longest(begin);
    add_term(begin, found, term_end, place);
    if (found.name_size == 0) return begin + 1;
    for (const std::int32_t* inside = begin + 1; inside < begin + found.name_size; ++inside)
        if (*inside != kMissing && term_starts_[*inside] != kMissing) add_term(inside, longest(inside), term_end, place);
    here = &unit(found.name);
    return begin + found.name_size;
}

void Vocabulary::add_term(const std::int32_t* begin, const Found& found, const std::int32_t*& term_end, Place*& place) const {
    if (found.term_size == 0 || begin < term_end) return;
    term_end = begin + found.term_size;
    *place++ = {PairTable::kNoPair, bigrams_.place(PairTable::kNoPair), unigrams_[found.term], kMissing};
}

Vocabulary::Found Vocabulary::longest(const std::int32_t* begin) const {
    Found found;
    std::int32_t node = term_starts_[static_cast<std::size_t>(*begin)];
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
std::int32_t Vocabulary::step(std::int32_t node, std::int32_t word) const {
    if ((unit(word).flags & kContinues) == 0) return kMissing;
    return term_steps_.find(node, word);
}

// What is missing is written, too, but the end moves only behind what is not: whether a pair is a feature is a coin toss that no
// branch predictor wins.
void Vocabulary::list_features(Stretch& stretch) const {
    std::int32_t* feature = stretch.features.data();
    const Place* const end = stretch.places.data() + stretch.n_places;
    for (const Place* place = stretch.places.data(); place != end; ++place) {
        const std::int32_t bigram = PairTable::find(place->pair, *place->slot);
        *feature = place->unigram;
        feature += place->unigram != kMissing;
        *feature = place->concept;
        feature += place->concept != kMissing;
        *feature = bigram;
        feature += bigram != kMissing;
    }
    stretch.n_features = static_cast<std::size_t>(feature - stretch.features.data());
}

}  // namespace xborder
