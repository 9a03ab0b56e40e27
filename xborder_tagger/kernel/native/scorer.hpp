// One document after another, by one thread: tokens into sentences, sentences into sums, sums into margins.
//
// The document's sums grow with every sentence: a feature counted the n-th time adds damped(n) - damped(n - 1) times
// its row, which in the end is damped(total). So each row is read once for both sums, while it is in the cache, and
// there is no second walk over the document's features.
#pragma once

#include <cstdint>
#include <vector>

#include "lexer.hpp"
#include "vocabulary.hpp"
#include "weights.hpp"

namespace xborder {

// A string as Python keeps it: `width` bytes for each code point.
struct Text {
    const void* data;
    std::size_t length;
    int width;  // 1, 2 or 4
};

// Where the results of one document go.
struct Result {
    double* document;
    double* sentence;
    std::int64_t* words;
    std::int64_t* known;
    std::int64_t* common;
};

class Scorer {
public:
    Scorer(const Characters& characters, const Vocabulary& vocabulary, const Weights& weights);

    void score(const Text& text, const Result& result);

    // What the lexer tells.
    void word(const WordKey& key) {
        Event& event = room();
        event = {key, vocabulary_.words().home(key), Event::kWord};
        vocabulary_.words().fetch(event.home);
    }
    void number() { room().kind = Event::kNumber; }
    void end_sentence(Break end) {
        room().kind = end == Break::kAlways ? Event::kEnd : Event::kEndUnlessAbbreviated;
    }

private:
    // What was told waits until the window is full, so that table rows are there before the first one is needed:
    // a sixth off the time of a document.
    struct Event {
        WordKey key;
        std::size_t home;
        enum : std::uint8_t { kWord, kNumber, kEnd, kEndUnlessAbbreviated } kind;
    };

    static constexpr std::size_t kWindow = 64;
    static constexpr std::size_t kPassage = 2048;  // words after which the sentences at hand are scored

    Event& room() {
        if (waiting_ == kWindow) take_window();
        return window_[waiting_++];
    }

    // `term` may be left over from another sentence: it counts if that term is of this feature. So nothing has to
    // be cleared behind a sentence (Briggs and Torczon 1993, An efficient representation for sparse sets).
    struct Feature {
        double idf = 0;  // a copy, so that one cache line holds all
        std::uint32_t count = 0, term = 0;
    };

    // Rows in front of the first feature, so that kMissing and kEndOfSentence may be looked up, if not used.
    static constexpr std::size_t kNoFeatures = 2;

    struct Sums {
        std::vector<double> tags;
        double squares = 0;

        void clear();
    };

    template <class Char>
    void read(const Text& text);
    void take_window();
    void take_other(const Event& event);
    void take_end();
    void score_passage();
    std::size_t list_terms(std::size_t place);
    double count_again(Term& term, double document_step, double idf);
    void score_sentence();
    void begin_document();
    void finish(const Result& result) const;
    void forget_counts();

    const Characters& characters_;
    const Vocabulary& vocabulary_;
    const Weights& weights_;

    Event window_[kWindow];
    std::size_t waiting_ = 0;
    std::int64_t n_words_ = 0;        // tokens but numbers
    Tally tally_;
    std::uint32_t last_flags_ = 0;    // of the last token
    std::size_t sentence_begin_ = 0;  // in the passage
    bool empty_ = true;               // no sentence yet

    Passage passage_;
    std::vector<Feature> features_;           // all there are; no count but for those in_document_
    std::vector<std::uint32_t> in_document_;  // features with a count
    std::size_t n_in_document_ = 0;
    std::vector<Term> terms_;                 // features of the sentence, each one once
    std::size_t n_terms_ = 0;
    Sums sentence_sums_, document_sums_;
    std::vector<double> highest_;
};

}  // namespace xborder
