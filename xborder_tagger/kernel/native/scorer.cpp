#include "scorer.hpp"

#include <stdexcept>

namespace xborder {
namespace {

constexpr std::size_t kLongestText = std::size_t{1} << 31;

}  // namespace

Scorer::Scorer(const Characters& characters, const Vocabulary& vocabulary, const Linear& linear,
               const Decision& decision)
    : vocabulary_(vocabulary), decision_(decision), lexer_(characters, vocabulary), passages_(linear) {}

void Scorer::score(const Text& text, const Result& result) {
    // So that no count or place of 32 bits can overflow.
    if (text.length > kLongestText) throw std::length_error("a text of more than 2**31 characters");
    n_tokens_ = 0;
    tally_ = Tally();
    lexer_.read(text, *this);
    passages_.finish(result.scores);
    *result.words = n_tokens_ - lexer_.numbers();
    *result.known = tally_.known() - lexer_.numbers();
    *result.common = tally_.common() - (vocabulary_.number_is_common() ? lexer_.numbers() : 0);
    decision_.decide(result);
}

void Scorer::take(Stretch& stretch) {
    vocabulary_.find_features(stretch, tally_);
    n_tokens_ += static_cast<std::int64_t>(stretch.n_tokens);
    passages_.add(stretch);
}

}  // namespace xborder
