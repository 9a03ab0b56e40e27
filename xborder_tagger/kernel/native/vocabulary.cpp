#include "vocabulary.hpp"

#include <algorithm>

namespace xborder {
namespace {

std::uint32_t flag(bool condition, Flag flag) { return condition ? flag : 0u; }

std::int32_t look_into(Span<std::int32_t> table, std::int32_t place) {
    return place == kMissing ? kMissing : table[static_cast<std::size_t>(place)];
}

Unit describe(const VocabularyArrays& arrays, std::size_t number, std::int64_t common) {
    const std::int32_t node = arrays.term_starts[number];
    const std::int32_t name = look_into(arrays.node_names, node), term = look_into(arrays.node_terms, node);
    Unit unit;
    unit.folded = name == kMissing ? static_cast<std::int32_t>(number) : name;
    unit.unigram = look_into(arrays.unigrams, unit.folded);
    unit.concept = look_into(arrays.unigrams, term);
    unit.flags = kKnown | flag(static_cast<std::int64_t>(number) < common, kCommon) |
                 flag(arrays.abbreviations[number] != 0, kAbbreviation);
    return unit;
}

// Which units go on with a term, and after which others: a hint, so that few look-ups are for nothing.
void add_steps(const VocabularyArrays& arrays, std::vector<Unit>& units) {
    std::vector<std::uint64_t> nexts(arrays.node_names.size);
    for (const std::uint64_t slot : arrays.term_steps.slots) {
        const std::size_t node = PairTable::first(slot), unit = PairTable::second(slot);
        if (value_of(slot) == kMissing || node >= nexts.size() || unit >= arrays.unigrams.size) continue;
        units[unit + 1].flags |= kContinues;
        nexts[node] |= std::uint64_t{1} << unit % 64;
    }
    for (std::size_t number = 0; number < arrays.unigrams.size; ++number) {
        const std::int32_t node = arrays.term_starts[number];
        if (node != kMissing) units[number + 1].nexts = nexts[static_cast<std::size_t>(node)];
    }
}

std::vector<Unit> make_units(const VocabularyArrays& arrays, std::int64_t common) {
    std::vector<Unit> units(1);
    units.reserve(arrays.unigrams.size + 2);
    for (std::size_t number = 0; number < arrays.unigrams.size; ++number)
        units.push_back(describe(arrays, number, common));
    add_steps(arrays, units);
    units.emplace_back().unigram = kEndOfSentence;
    return units;
}

template <class Number>
std::vector<Number> copy_of(Span<Number> numbers) {
    return {numbers.begin(), numbers.end()};
}

}  // namespace

Vocabulary::Vocabulary(const VocabularyArrays& arrays, std::int64_t common)
    : end_of_sentence_(static_cast<std::int32_t>(arrays.unigrams.size)),
      units_(make_units(arrays, common)),
      words_(arrays.words),
      term_steps_(arrays.term_steps),
      bigrams_(arrays.bigrams),
      unigrams_(copy_of(arrays.unigrams)),
      term_starts_(copy_of(arrays.term_starts)),
      node_names_(copy_of(arrays.node_names)),
      node_terms_(copy_of(arrays.node_terms)),
      longest_term_(static_cast<std::size_t>(arrays.longest_term)) {}

// Three loops, not one: each sends for what the next one reads. In one loop these reads cost 8% of the whole.
void Vocabulary::find_features(Stretch& stretch, Tally& tally) const {
    stretch.make_room_behind_tokens();
    look_up(stretch);
    list_places(stretch, tally);
    list_features(stretch);
}

// From tokens to units, with end_of_sentence_ behind each sentence that has any.
void Vocabulary::look_up(Stretch& stretch) const {
    const Token* token = stretch.tokens.data();
    std::int32_t* word = stretch.words.data();
    const std::int32_t* sentence = word;
    for (const Ending& ending : stretch.endings) {
        for (const Token* const end = stretch.tokens.data() + ending.token; token != end; ++token) {
            const std::int32_t found = token->word.find();
            *word++ = found;
            prefetch(&unit(found));
        }
        if (word == sentence) continue;
        if (ending.unless_abbreviated && (unit(word[-1]).flags & kAbbreviation) != 0) continue;
        *word++ = end_of_sentence_;
        sentence = word;
    }
    *word = end_of_sentence_;
    stretch.n_words = static_cast<std::size_t>(word - stretch.words.data());
}

// Terms longest first, from left to right. A name's concept takes the place of its words; other terms are added. Every
// pair is looked for, also the impossible ones: to ask whether any pair begins with a unit spared one look-up in six,
// and took longer.
void Vocabulary::list_places(Stretch& stretch, Tally& tally) const {
    const std::int32_t* const words = stretch.words.data();
    const std::int32_t* const end = words + stretch.n_words;
    Progress progress{stretch.places.data(), words};
    std::int32_t left = kMissing;
    const PairTable bigrams = bigrams_;
    Tally counts = tally;
    for (const std::int32_t* next = words; next != end;) {
        const std::int32_t* const word = next++;
        const Unit* here = &unit(*word);
        counts.add(here->flags);
        std::int32_t concept = here->concept | missing_if(word < progress.term_end);
        if ((here->nexts >> (*next & 63) & 1) != 0) {
            concept = kMissing;
            next = read_terms(word, progress, here);
            for (const std::int32_t* inside = word + 1; inside < next; ++inside) counts.add(unit(*inside).flags);
        }
        const std::uint64_t pair = PairTable::join(left, here->folded);
        const std::uint64_t* const slot = bigrams.place(pair);
        prefetch(slot);
        *progress.place++ = {pair, slot, here->unigram, concept};
        left = here->folded;
    }
    tally = counts;
    stretch.n_places = static_cast<std::size_t>(progress.place - stretch.places.data());
}

// Terms that begin at a word or inside the name that begins there; returns the word after it. `here` becomes the unit
// that stands for the name.
const std::int32_t* Vocabulary::read_terms(const std::int32_t* begin, Progress& progress, const Unit*& here) const {
    const Found found = longest(begin);
    add_term(begin, found, progress);
    if (found.name_size == 0) return begin + 1;
    const std::int32_t* const end = begin + found.name_size;
    for (const std::int32_t* word = begin + 1; word < end; ++word)
        if (*word != kMissing && term_starts_[static_cast<std::size_t>(*word)] != kMissing)
            add_term(word, longest(word), progress);
    here = &unit(found.name);
    return end;
}

void Vocabulary::add_term(const std::int32_t* begin, const Found& found, Progress& progress) const {
    if (found.term_size == 0 || begin < progress.term_end) return;
    const std::int32_t concept = unigrams_[static_cast<std::size_t>(found.term)];
    progress.term_end = begin + found.term_size;
    *progress.place++ = {PairTable::kNoPair, bigrams_.place(PairTable::kNoPair), kMissing, concept};
}

Vocabulary::Found Vocabulary::longest(const std::int32_t* begin) const {
    Found found;
    if (*begin < 0) return found;
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

// What is missing is written, too, but the end moves only behind what is not: whether a pair is a feature is a coin
// toss, and with a branch, which is often mispredicted, the whole takes 11% longer.
void Vocabulary::list_features(Stretch& stretch) {
    std::int32_t* feature = stretch.features.data();
    const Place* const end = stretch.places.data() + stretch.n_places;
    for (const Place* place = stretch.places.data(); place != end; ++place) {
        for (const std::int32_t found : {place->unigram, place->concept, PairTable::find(place->pair, *place->slot)}) {
            *feature = found;
            feature += found != kMissing;
        }
    }
    stretch.n_features = static_cast<std::size_t>(feature - stretch.features.data());
}

}  // namespace xborder
