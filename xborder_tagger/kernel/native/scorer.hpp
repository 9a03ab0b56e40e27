// One text after another, by one thread.
//
//     text            characters as Python keeps them, 1, 2 or 4 bytes each                  texts.hpp
//     chunk           4,096 of them as bit masks, 64 at a time: letters, digits, marks       chunk.hpp, reading.hpp
//     runs            where letters or digits stand together                                 runs.hpp, reading.hpp
//     tokens          runs with their keys, and where sentences end                          lexer.hpp, gaps.hpp
//     words           the tokens' units                                                      vocabulary.hpp
//     places          words with names folded, each with what it may add                     vocabulary.hpp
//     features        those that are found, sentence by sentence                             vocabulary.hpp
//     half passages   sums of the features' rows, of a few sentences each                    passages.hpp, sums.hpp
//     scores          of the best passage, two halves, for each tag                          passages.hpp, sums.hpp
//
// From tokens to features a stretch of sentences goes at once (stretch.hpp), a step for all of them and then the next:
// each step sends for the memory that the next one reads.
#pragma once

#include <cstdint>

#include "decision.hpp"
#include "lexer.hpp"
#include "passages.hpp"
#include "stretch.hpp"
#include "texts.hpp"
#include "vocabulary.hpp"

namespace xborder {

class Scorer final : private Reader {
public:
    Scorer(const Characters& characters, const Vocabulary& vocabulary, const Linear& linear,
           const Decision& decision);

    // Throws std::length_error for a text of more than 2**31 characters.
    void score(const Text& text, const Result& result);

private:
    void take(Stretch& stretch) override;

    const Vocabulary& vocabulary_;
    const Decision& decision_;
    Lexer lexer_;
    Passages passages_;
    std::int64_t n_tokens_ = 0;
    Tally tally_;
};

}  // namespace xborder
