#include "vocabulary.hpp"

#include "check.hpp"

namespace xborder {
namespace {

constexpr std::int64_t kLongestTerm = 32;

std::vector<Unit> make_units(const VocabularyArrays& arrays, std::size_t n_features) {
    const std::size_t size = arrays.unigrams.size;
    for (const std::size_t other : {arrays.abbreviations.size, arrays.term_starts.size, arrays.opens.size, arrays.closes.size})
        require(other == size, "the tables over units have different lengths");
    require(size > 0, "there are no units");
    const auto unigrams = checked_indices("unigrams", arrays.unigrams, n_features);
    const auto starts = checked_indices("term starts", arrays.term_starts, arrays.node_names.size);
    std::vector<Unit> units(size + 1);  // the last one stands for all unknown words
    for (std::size_t i = 0; i < size; ++i)
        units[i] = {unigrams[i], starts[i], arrays.opens[i] != 0, arrays.closes[i] != 0, arrays.abbreviations[i] != 0};
    return units;
}

}  // namespace

Vocabulary::Vocabulary(const VocabularyArrays& arrays, std::size_t n_features)
    : words_("words", arrays.words, arrays.unigrams.size),
      term_steps_("term steps", arrays.term_steps, arrays.node_names.size),
      bigrams_("bigrams", arrays.bigrams, n_features),
      node_names_(checked_indices("names", arrays.node_names, arrays.unigrams.size)),
      node_terms_(checked_indices("concepts", arrays.node_terms, arrays.unigrams.size)),
      longest_term_(static_cast<std::size_t>(arrays.longest_term)),
      units_(make_units(arrays, n_features)) {
    require(node_names_.size() == node_terms_.size(), "the term tables have different lengths");
    require(0 <= arrays.longest_term && arrays.longest_term <= kLongestTerm, "longest_term is off");
}

void Vocabulary::find_features(Sentence& sentence) const {
    find_terms(sentence);
    const std::size_t terms = sentence.features.size();
    sentence.features.resize(terms + 2 * sentence.units.size() + 1);  // room for the slot behind the last one
    std::uint32_t* out = find_unigrams(sentence.units, sentence.features.data() + terms);
    out = find_bigrams(sentence.units, out);
    sentence.features.resize(static_cast<std::size_t>(out - sentence.features.data()));
}

// Terms longest first, from left to right. A name's concept takes the place of its units; other terms are added.
void Vocabulary::find_terms(Sentence& sentence) const {
    std::vector<std::uint32_t>& units = sentence.units;
    std::size_t kept = 0, name_end = 0, term_end = 0;
    std::vector<std::uint32_t>& folded = sentence.units;  // written behind the place that is read
    for (std::size_t place = 0; place < units.size(); ++place) {
        const std::uint32_t unit = units[place];
        const Found found = units_[unit].term_start == kMissing ? Found{} : longest(units, place);
        if (found.term_size > 0 && place >= term_end) {
            term_end = place + found.term_size;
            const std::int32_t feature = units_[static_cast<std::size_t>(found.term)].unigram;
            if (feature != kMissing) sentence.features.push_back(static_cast<std::uint32_t>(feature));
        }
        if (place < name_end) continue;
        if (found.name_size > 0) name_end = place + found.name_size;
        folded[kept++] = found.name_size > 0 ? static_cast<std::uint32_t>(found.name) : unit;
    }
    units.resize(kept);
}

Vocabulary::Found Vocabulary::longest(const std::vector<std::uint32_t>& units, std::size_t begin) const {
    Found found;
    std::int32_t node = units_[units[begin]].term_start;
    for (std::size_t size = 1; size <= longest_term_ && node != kMissing; ++size) {
        const std::int32_t name = node_names_[static_cast<std::size_t>(node)];
        const std::int32_t term = node_terms_[static_cast<std::size_t>(node)];
        if (name != kMissing) found.name = name, found.name_size = size;
        if (term != kMissing) found.term = term, found.term_size = size;
        node = begin + size < units.size() ? step(node, units[begin + size]) : kMissing;
    }
    return found;
}

std::int32_t Vocabulary::step(std::int32_t node, std::uint32_t unit) const {
    if (unit == unknown()) return kMissing;
    return term_steps_.find(pair_key(static_cast<std::uint32_t>(node), unit));
}

// Whether a word is a feature is a coin toss that no branch predictor wins, so every one is written and the end
// moves only behind the features.
std::uint32_t* Vocabulary::find_unigrams(const std::vector<std::uint32_t>& units, std::uint32_t* out) const {
    for (const std::uint32_t unit : units) {
        const std::int32_t feature = units_[unit].unigram;
        *out = static_cast<std::uint32_t>(feature);
        out += feature != kMissing;
    }
    return out;
}

std::uint32_t* Vocabulary::find_bigrams(const std::vector<std::uint32_t>& units, std::uint32_t* out) const {
    for (std::size_t place = 1; place < units.size(); ++place) {
        const std::uint32_t left = units[place - 1], right = units[place];
        if (!(units_[left].opens && units_[right].closes)) continue;
        const std::int32_t feature = bigrams_.find(pair_key(left, right));
        *out = static_cast<std::uint32_t>(feature);
        out += feature != kMissing;
    }
    return out;
}

}  // namespace xborder
