#include "scorer.hpp"

#include <stdexcept>

namespace xborder {
namespace {

constexpr std::size_t kLongestText = 0xFFFFFF00;
}  // namespace

Scorer::Scorer(const Characters& characters, const Vocabulary& vocabulary, const Weights& weights,
               const Pooling& pooling)
    : characters_(characters), vocabulary_(vocabulary), passages_(weights, pooling) {}

void Scorer::score(const Text& text, const Result& result) {
    // So that no count or place of 32 bits can overflow.
    if (text.length > kLongestText) throw std::length_error("a text of about 2**32 characters or more");
    begin_text();
    switch (text.width) {
        case 1: read<std::uint8_t>(text); break;
        case 2: read<std::uint16_t>(text); break;
        default: read<std::uint32_t>(text);
    }
    finish(result);
}

void Scorer::begin_text() {
    waiting_ = 0;
    n_words_ = 0;
    tally_ = Tally();
    last_flags_ = 0;
    sentence_begin_ = 0;
    stretch_.clear();
}

template <class Char>
void Scorer::read(const Text& text) {
    Lexer<Char, Scorer>(static_cast<const Char*>(text.data), text.length, characters_, *this).read();
    take_window();
    take_end();
    score_stretch();
}

void Scorer::take_window() {
    for (const Event *event = window_, *end = window_ + waiting_; event != end; ++event) {
        if (event->kind == Event::kWord) {
            const Word& word = vocabulary_.words().find(event->key, event->home);
            last_flags_ = word.flags;
            tally_.add(last_flags_);
            ++n_words_;
            stretch_.add(word);
        } else {
            take_other(*event);
        }
    }
    waiting_ = 0;
}

void Scorer::take_other(const Event& event) {
    if (event.kind == Event::kNumber) {
        const Word& number = vocabulary_.number();
        last_flags_ = number.flags;
        stretch_.add(number);
    } else if (event.kind == Event::kEnd || (last_flags_ & kAbbreviation) == 0) {
        take_end();
    }
}

// Sentences without a token do not count.
void Scorer::take_end() {
    if (stretch_.n_words == sentence_begin_) return;
    stretch_.add(Vocabulary::end_of_sentence());
    if (stretch_.n_words >= kStretch) score_stretch();
    sentence_begin_ = stretch_.n_words;
}

void Scorer::score_stretch() {
    vocabulary_.find_features(stretch_);
    const std::int32_t* const end = stretch_.features.data() + stretch_.n_features;
    for (const std::int32_t* next = stretch_.features.data(); next != end;) next = passages_.add(next);
    stretch_.clear();
}

void Scorer::finish(const Result& result) {
    passages_.finish(result.scores);
    *result.words = n_words_;
    *result.known = tally_.known();
    *result.common = tally_.common();
}

}  // namespace xborder
