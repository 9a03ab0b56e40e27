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

void check_table(const std::string& name, const HashArrays& table, std::size_t key_words, std::size_t n_values) {
    const std::size_t capacity = table.values.size;
    require(capacity > 0 && (capacity & (capacity - 1)) == 0, "the capacity of " + name + " is no power of two");
    require(table.keys.size % key_words == 0 && table.keys.size / key_words == capacity,
            name + " has other numbers of keys and values");
    require(table.max_probe <= capacity, "the settings of " + name + " are off");
    require_indices(name, table.values, n_values);
}

void check_vocabulary(const VocabularyArrays& words, std::size_t n_features) {
    const std::size_t n_units = words.unigrams.size, n_nodes = words.node_names.size;
    require(0 < n_units && n_units < PairTable::kKeys, "there are no units or too many");
    require(n_nodes < PairTable::kKeys && n_features <= PairTable::kValues, "there are too many nodes or features");
    const std::size_t sizes[] = {words.abbreviations.size, words.term_starts.size, words.opens.size, words.closes.size};
    for (const std::size_t size : sizes) require(size == n_units, "the tables over units have different lengths");
    require(words.node_terms.size == n_nodes, "the term tables have different lengths");
    require(0 <= words.longest_term && words.longest_term <= kLongestTerm, "longest_term is off");
    check_table("words", words.words, 2, n_units);
    check_table("term steps", words.term_steps, 1, n_nodes);
    check_table("bigrams", words.bigrams, 1, n_features);
    require_indices("term starts", words.term_starts, n_nodes);
    require_indices("names", words.node_names, n_units);
    require_indices("concepts", words.node_terms, n_units);
    require_indices("unigrams", words.unigrams, n_features);
}

void require_finite(Span<double> numbers) {
    const auto finite = [](double number) { return std::isfinite(number); };
    require(std::all_of(numbers.begin(), numbers.end(), finite), "a number is not finite");
}

void check_pooling(const PoolingArrays& pooling, std::size_t n_tags) {
    require(2 <= pooling.size && pooling.size <= kLongestPassage && pooling.size % 2 == 0, "the size of passages is off");
    require(pooling.mix.size == n_tags * 2 * n_tags, "the mix has another shape");
    require(pooling.intercept.size == n_tags, "there is not one intercept for each tag");
    for (const Span<double>& numbers : {pooling.mix, pooling.intercept}) require_finite(numbers);
}

void check_linear(const LinearArrays& linear) {
    const std::size_t columns = linear.bias.size;
    require(columns > 1, "there are no tags");
    require(linear.weights.size % columns == 0 && linear.weights.size / columns == linear.idf.size,
            "weights have another shape than features by columns");
    for (const Span<double>& numbers : {linear.idf, linear.weights, linear.bias}) require_finite(numbers);
    const auto positive = [](double number) { return number > 0; };
    require(std::all_of(linear.idf.begin(), linear.idf.end(), positive), "an idf is not positive");
}

}  // namespace

const Arrays& checked(const Arrays& arrays) {
    check_characters(arrays.characters);
    check_vocabulary(arrays.vocabulary, arrays.linear.idf.size);
    check_linear(arrays.linear);
    check_pooling(arrays.pooling, arrays.linear.bias.size - 1);
    return arrays;
}

}  // namespace xborder
