// One text after another, by one thread: tokens into sentences, sentences into passages, passages into scores.
#pragma once

#include <cstdint>
#include <vector>

#include "chunk.hpp"
#include "decision.hpp"
#include "lexer.hpp"
#include "passages.hpp"
#include "stretch.hpp"
#include "texts.hpp"
#include "vocabulary.hpp"

namespace xborder {

class Scorer : private Reader {
public:
    Scorer(const Characters& characters, const Vocabulary& vocabulary, const Linear& linear, const Decision& decision);

    void score(const Text& text, const Result& result);

private:
    void take(Stretch& stretch) override;

    const Vocabulary& vocabulary_;
    const Linear& linear_;
    const Decision& decision_;
    Lexer lexer_;
    Passages passages_;
    std::int64_t n_tokens_ = 0;
    Tally tally_;
};

}  // namespace xborder
