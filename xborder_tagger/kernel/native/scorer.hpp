// One text after another, by one thread: tokens into sentences, sentences into passages, passages into scores.
#pragma once

#include <cstdint>
#include <vector>

#include "lexer.hpp"
#include "passages.hpp"
#include "vocabulary.hpp"
#include "weights.hpp"

namespace xborder {

// A string as Python keeps it: `width` bytes for each code point.
struct Text {
    const void* data;
    std::size_t length;
    int width;  // 1, 2 or 4; `kUtf8` of one that a `Widener` has still to read
};

// Where the results of one text go.
struct Result {
    double* scores;
    std::int64_t* words;
    std::int64_t* known;
    std::int64_t* common;
};

class Scorer {
public:
    Scorer(const Characters& characters, const Vocabulary& vocabulary, const Weights& weights, const Pooling& pooling);

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
    static constexpr std::size_t kStretch = 2048;  // words after which the sentences at hand are scored

    Event& room() {
        if (waiting_ == kWindow) take_window();
        return window_[waiting_++];
    }

    template <class Char>
    void read(const Text& text);
    void take_window();
    void take_other(const Event& event);
    void take_end();
    void score_stretch();
    void begin_text();
    void finish(const Result& result);

    const Characters& characters_;
    const Vocabulary& vocabulary_;

    Event window_[kWindow];
    std::size_t waiting_ = 0;
    std::int64_t n_words_ = 0;        // tokens but numbers
    Tally tally_;
    std::uint32_t last_flags_ = 0;    // of the last token
    std::size_t sentence_begin_ = 0;  // in the stretch

    Stretch stretch_;
    Passages passages_;
};

}  // namespace xborder
