#include "check.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "characters.hpp"
#include "hash_tables.hpp"

namespace xborder {
namespace {

constexpr std::size_t kPages = 0x1100;
constexpr std::int64_t kLongestTerm = 32;
constexpr std::int64_t kLongestPassage = 1024;

void require(bool condition, const std::string& message) {
    if (!condition) throw std::invalid_argument(message);
}

// Each value indexes a table of `limit` rows or is kMissing.
void require_indices(const std::string& name, Span<std::int32_t> values, std::size_t limit) {
    bool inside = true;
    for (const std::int32_t value : values) inside &= static_cast<std::uint32_t>(value) + 1 <= limit;  // kMissing is -1
    require(inside, "a value of " + name + " points outside its table");
}

void check_characters(const CharacterArrays& characters) {
    require(characters.pages.size == kPages, "the character table does not cover Unicode");
    const std::size_t last = *std::max_element(characters.pages.begin(), characters.pages.end());
    require((last + 1) * kPageSize <= characters.entries.size, "a page lies outside the character table");
    std::size_t end = 0;
    for (const std::uint32_t entry : characters.entries)
        end = std::max<std::size_t>(end, spelling_offset(entry) + spelling_length(entry));
    require(end <= characters.pool.size, "a spelling lies outside its pool");
}

bool power_of_two(std::size_t size) { return size > 0 && (size & (size - 1)) == 0; }

void check_table(const std::string& name, const TableArrays& table, std::size_t n_values) {
    const std::size_t capacity = table.slots.size, n_buckets = table.places.factors.size;
    require(0 < capacity && capacity >> 32 == 0, name + " is empty or too large");
    require(n_buckets > 1 && power_of_two(n_buckets), "the buckets of " + name + " are no power of two");
    bool inside = true;
    for (const std::uint64_t slot : table.slots)
        inside &= static_cast<std::uint32_t>(value_of(slot)) + 1 <= n_values;  // kMissing is -1
    require(inside, "a value of " + name + " points outside its table");
}

void check_vocabulary(const VocabularyArrays& words, std::size_t n_features) {
    const std::size_t n_units = words.unigrams.size, n_nodes = words.node_names.size;
    require(0 < n_units && n_units < PairTable::kKeys, "there are no units or too many");
    require(n_nodes < PairTable::kKeys && n_features <= kMostValues, "there are too many nodes or features");
    const std::size_t sizes[] = {words.abbreviations.size, words.term_starts.size};
    for (const std::size_t size : sizes) require(size == n_units, "the tables over units have different lengths");
    require(words.node_terms.size == n_nodes, "the term tables have different lengths");
    require(0 <= words.longest_term && words.longest_term <= kLongestTerm, "longest_term is off");
    check_table("words", words.words, n_units);
    check_table("term steps", words.term_steps, n_nodes);
    check_table("bigrams", words.bigrams, n_features);
    require_indices("term starts", words.term_starts, n_nodes);
    require_indices("names", words.node_names, n_units);
    require_indices("concepts", words.node_terms, n_units);
    require_indices("unigrams", words.unigrams, n_features);
}

template <class Number>
void require_finite(Span<Number> numbers) {
    const auto finite = [](Number number) { return std::isfinite(number); };
    require(std::all_of(numbers.begin(), numbers.end(), finite), "a number is not finite");
}

void check_pooling(const PoolingArrays& pooling, std::size_t n_tags) {
    const bool halves = 2 <= pooling.size && pooling.size <= kLongestPassage && pooling.size % 2 == 0;
    require(halves, "the size of passages is off");
    require(pooling.mix.size == n_tags * 2 * n_tags, "the mix has another shape");
    require(pooling.intercept.size == n_tags, "there is not one intercept for each tag");
    for (const Span<double>& numbers : {pooling.mix, pooling.intercept}) require_finite(numbers);
}

void check_decision(const DecisionArrays& decision, std::size_t n_tags) {
    require(decision.thresholds.size == n_tags, "there is not one threshold for each tag");
    require(decision.review.size == 2 * n_tags, "there is not one review band for each tag");
    for (const Span<double>& numbers : {decision.thresholds, decision.review}) require_finite(numbers);
}

void check_linear(const LinearArrays& linear) {
    require(linear.bias.size > 1, "there are no tags");
    require(linear.rows.size == linear.features() * linear.width(), "rows of features have another shape");
    require_finite(linear.bias);
    for (const double unit : {linear.units.boilerplate, linear.units.square, linear.units.weight})
        require(std::isfinite(unit) && unit > 0, "a unit of weights is off");
    bool positive = true;
    for (std::size_t row = 0; row < linear.rows.size; row += linear.width()) positive &= linear.rows[row + kSquare] > 0;
    require(positive, "an idf is not positive");
}

}  // namespace

const Arrays& checked(const Arrays& arrays) {
    check_characters(arrays.characters);
    check_linear(arrays.linear);
    check_vocabulary(arrays.vocabulary, arrays.linear.features());
    check_pooling(arrays.pooling, arrays.linear.tags());
    check_decision(arrays.decision, arrays.linear.tags());
    require(arrays.common >= 0, "common is no number of units");
    return arrays;
}

}  // namespace xborder
