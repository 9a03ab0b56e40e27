// From runs to tokens: text/tokens.py, compiled. One pass, no copy of the text.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "blocks.hpp"
#include "characters.hpp"
#include "gaps.hpp"
#include "hash_table.hpp"
#include "runs.hpp"

namespace xborder {

constexpr std::size_t kKeyBytes = 16;

struct Token {
    Key<2> key;     // the first 16 bytes of its normalised UTF-8; unset for numbers
    bool numeric;
    Break before;   // whether a sentence ends before it; kUnlessAbbreviated: unless the token before is one
};

// Gives the tokens of a text to `sink.token(...)`, in order.
template <class Char, class Sink>
class Lexer {
public:
    Lexer(const Char* text, std::size_t length, const Characters& characters, Sink& sink)
        : text_(text), length_(length), characters_(characters), gaps_(text, characters), sink_(sink),
          all_foreign_(characters.plain_ascii() ? 0 : 0xFFFF) {}

    void read() {
        for_each_run(text_, length_, characters_, *this);
        if (last_.kind != kGap) emit();
    }

    void run(std::size_t begin, std::size_t end, Class kind) {
        const Run next{begin, end, kind};
        if (last_.kind != kGap && !one_space_before(begin)) {
            if (gaps_.joins(last_, next)) {
                joined_ = true;
                last_ = next;
                return;
            }
            const Break end_of_sentence = gaps_.sentence_end(last_, next);
            start(next, emit(), end_of_sentence);
        } else {
            start(next, last_.kind != kGap && emit(), Break::kNone);
        }
    }

private:
    // Nine of ten gaps in prose are one space, which joins nothing and ends nothing.
    bool one_space_before(std::size_t begin) const {
        return begin - last_.end == 1 && text_[last_.end] == ' ' && all_foreign_ == 0;
    }

    void start(const Run& next, bool kept, Break end_of_sentence) {
        if (end_of_sentence == Break::kUnlessAbbreviated && !kept) end_of_sentence = Break::kAlways;
        pending_ = std::max(pending_, end_of_sentence);
        last_ = next;
        begin_ = next.begin;
        joined_ = false;
    }

    // Hand the finished token on, unless it is a single letter.
    bool emit() {
        Token token;
        token.numeric = last_.kind == kDigits;
        if (!token.numeric && !find_key(token.key)) return false;
        token.before = pending_;
        pending_ = Break::kNone;
        sink_.token(token);
        return true;
    }

    // False if the spelling is shorter than two bytes.
    bool find_key(Key<2>& key) const {
        const std::size_t size = last_.end - begin_, count = std::min(size, kKeyBytes);
        unsigned foreign;
        const Bytes bytes = sixteen(begin_, foreign);
        if (joined_ || ((foreign | all_foreign_) & low_bits(count)) != 0) return spell_key(key);
        store(key.words, first_bytes(lowered(bytes), count));
        return size > 1;
    }

    Bytes sixteen(std::size_t begin, unsigned& foreign) const {
        if (length_ - begin >= 16) return narrow(text_ + begin, foreign);
        Char padded[16] = {};
        std::copy_n(text_ + begin, length_ - begin, padded);
        return narrow(padded, foreign);
    }

    bool spell_key(Key<2>& key) const {
        std::uint8_t spelling[2 * kKeyBytes] = {};
        unsigned length = 0;
        for (std::size_t place = begin_; place < last_.end && length < kKeyBytes; ++place) {
            const std::uint32_t entry = characters_.entry(text_[place]);
            if (is_letter(entry & 15)) length += characters_.spell(text_[place], entry, spelling + length);
        }
        std::memcpy(key.words, spelling, kKeyBytes);
        return length > 1;
    }

    const Char* text_;
    std::size_t length_;
    const Characters& characters_;
    GapReader<Char> gaps_;
    Sink& sink_;
    unsigned all_foreign_;
    Run last_;                       // the last run of the token that is being read
    std::size_t begin_ = 0;          // the beginning of its first run
    bool joined_ = false;            // it has more than one run
    Break pending_ = Break::kNone;   // since the last token handed on
};

}  // namespace xborder
