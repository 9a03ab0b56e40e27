// Which words moved a score: kernel/contributions.py, compiled. One text at a time, and not the hot path: plain loops over
// vectors, with the features of vocabulary.hpp and the numbers of linear.hpp.
#pragma once

#include <cstdint>
#include <vector>

#include "lexer.hpp"
#include "linear.hpp"
#include "vocabulary.hpp"

namespace xborder {

// See kernel/explanation.py.
struct Explanation {
    std::vector<std::int64_t> starts, ends, first, begins, stops;
    std::vector<double> parts, direct;
};

// A feature of a text, with the first and the last token that it stands for.
struct Occurrence {
    std::size_t feature, first, last;
};

// Occurrences of sentences, one sentence after another.
struct Sentences {
    std::vector<Occurrence> occurrences;
    std::vector<std::size_t> begins{0};  // of each sentence among the occurrences, and their number

    std::size_t size() const { return begins.size() - 1; }
    void end_sentence() { begins.push_back(occurrences.size()); }
};

// Takes a text apart: its tokens, its sentences, and the features of each.
class Analyser : private Reader {
public:
    Analyser(const Characters& characters, const Vocabulary& vocabulary);

    // Fill in where tokens and sentences are, and return what they hold.
    Sentences read(const Text& text, Explanation& explanation);

private:
    void take(Stretch& stretch) override;
    std::size_t first_letter() const;
    std::size_t end_of(const Token& token) const;
    bool ends_here(const Ending& ending) const;
    bool abbreviated(const Ending& ending, const Token* end) const;
    void end_sentence(const Breaks& breaks, bool abbreviated);

    const Characters& characters_;
    const Vocabulary& vocabulary_;
    Lexer lexer_;
    const Text* text_ = nullptr;
    Explanation* explanation_ = nullptr;
    Sentences sentences_;
    std::vector<std::int32_t> units_;  // of the sentence at hand
    std::int64_t begin_ = 0;           // of that sentence in the text
};

// Explains the scores of one text after another.
class Explainer {
public:
    Explainer(const Characters& characters, const Vocabulary& vocabulary, const Linear& linear);

    // What the tokens of a text add to the scores of some tags.
    Explanation explain(const Text& text, const std::vector<std::size_t>& tags);

private:
    // Neighbouring sentences.
    struct Range {
        std::size_t begin, end;
    };

    // Sentences as one vector: for each occurrence its share in it, and the margins.
    struct Vector {
        std::vector<double> shares, margins;
    };

    struct Passage {
        Range sentences;
        Vector whole;
        std::vector<std::size_t> best;  // for each tag the sentence with the highest margin
        std::vector<double> scores;
    };

    void keep_all_but_boilerplate(const Sentences& sentences);
    void append(const Occurrence* begin, const Occurrence* end);
    Vector weigh(const Range& range);
    std::vector<double> margins(const std::vector<double>& shares, std::size_t first) const;
    bool boilerplate(const Vector& vector, std::size_t first) const;
    std::vector<Passage> passages();
    Passage passage(const Range& sentences);
    std::vector<double> pool(const std::vector<double>& passage, const std::vector<double>& sentence) const;
    void add_parts(const Passage& passage, std::size_t tag, std::size_t column, Explanation& explanation) const;

    const Linear& linear_;
    Analyser analyser_;
    std::vector<std::uint32_t> counts_;  // by feature, of the sentences that are being weighed; zero otherwise
    Sentences kept_;                     // sentences that are no boilerplate
    std::vector<double> rows_;           // weights of each of their occurrences: `tags` numbers side by side
    std::vector<Vector> single_;         // each of them
};

}  // namespace xborder
