// From runs to tokens: text/tokens.py, compiled. One pass, no copy of the text.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "blocks.hpp"
#include "characters.hpp"
#include "gaps.hpp"
#include "hash_tables.hpp"
#include "portable.hpp"
#include "runs.hpp"

namespace xborder {

constexpr std::size_t kKeyBytes = sizeof(WordKey);

// Tells a sink what it reads, in order: sink.word(key), sink.number(), sink.end_sentence(Break).
template <class Char, class Sink>
class Lexer {
public:
    Lexer(const Char* text, std::size_t length, const Characters& characters, Sink& sink)
        : text_(text), length_(length), characters_(characters), gaps_(text, length, characters), sink_(sink),
          all_foreign_(characters.plain_ascii() ? 0 : 0xFFFF), space_(characters.plain_ascii() ? ' ' : kNoCharacter) {}

    void read() {
        for_each_run(text_, length_, characters_, *this);
        if (last_.end != kNone) emit();
    }

    // Not a Run but its parts, which stay in registers; a struct was copied in wider pieces than it was written, and
    // each such copy waits for the writes: a tenth of the time of a document.
    void run(std::uint32_t begin, std::uint32_t end, bool numeric) {
        if (one_space_before(begin)) {
            emit();
        } else if (last_.end != kNone && read_gap(begin, end, numeric)) {
            return;
        }
        begin_ = last_.begin = begin;
        last_.end = end;
        last_.numeric = numeric;
        spelled_out_ = all_foreign_;
    }

private:
    // Four of five gaps in news are one space, which joins nothing and ends nothing.
    bool one_space_before(std::size_t begin) const {
        return begin - last_.end == 1 && text_[last_.end] == space_;
    }

    // Whether the gap joins both runs. If not, the token before it is handed on, and perhaps the sentence ends.
    XBORDER_RARE bool read_gap(std::uint32_t begin, std::uint32_t end_of_run, bool numeric) {
        const Run next{begin, end_of_run, numeric};
        if (gaps_.joins(last_, next)) {
            last_ = next;
            spelled_out_ = 0xFFFF;
            return true;
        }
        const Break end = gaps_.sentence_end(last_, next);
        const bool handed_on = emit();  // what was not is no abbreviation
        if (end != Break::kNone) sink_.end_sentence(handed_on ? end : Break::kAlways);
        return false;
    }

    // Hand the finished token on, unless it is a single letter.
    bool emit() {
        WordKey key;
        if (last_.numeric) {
            sink_.number();
        } else if (find_key(key)) {
            sink_.word(key);
        } else {
            return false;
        }
        return true;
    }

    // False if the spelling is shorter than two bytes.
    bool find_key(WordKey& key) const {
        const std::size_t size = last_.end - begin_, count = std::min(size, kKeyBytes);
        unsigned foreign;
        const Bytes bytes = sixteen(begin_, foreign);
        if (((foreign | spelled_out_) & ((1u << count) - 1)) != 0) return spell_key(key);
        store(&key, first_bytes(lowered(bytes), count));
        return size > 1;
    }

    Bytes sixteen(std::size_t begin, unsigned& foreign) const {
        return length_ - begin >= 16 ? narrow(text_ + begin, foreign) : last_sixteen(begin, foreign);
    }

    XBORDER_RARE Bytes last_sixteen(std::size_t begin, unsigned& foreign) const {
        Char padded[16] = {};
        std::copy_n(text_ + begin, length_ - begin, padded);
        return narrow(padded, foreign);
    }

    XBORDER_RARE bool spell_key(WordKey& key) const {
        std::uint8_t spelling[2 * kKeyBytes] = {};
        unsigned length = 0;
        for (std::size_t place = begin_; place < last_.end && length < kKeyBytes; ++place) {
            const std::uint32_t entry = characters_.entry(text_[place]);
            if (is_letter(entry & 15)) length += characters_.spell(text_[place], entry, spelling + length);
        }
        std::memcpy(&key, spelling, kKeyBytes);
        return length > 1;
    }

    const Char* text_;
    std::size_t length_;
    const Characters& characters_;
    GapReader<Char> gaps_;
    Sink& sink_;
    static constexpr std::uint32_t kNoCharacter = 0xFFFFFFFF;
    static constexpr std::uint32_t kNone = 0xFFFFFFF0;  // one behind it is the beginning of no run

    unsigned all_foreign_;          // bits of characters to be looked up although they are ASCII: none or all
    std::uint32_t space_;
    Run last_{kNone, kNone, false};  // the last run of the token that is being read
    std::uint32_t begin_ = kNone;    // the beginning of its first run
    unsigned spelled_out_ = 0;       // as all_foreign_, for this token: all if it has more than one run
};

}  // namespace xborder
