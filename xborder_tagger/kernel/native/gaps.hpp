// What stands between two runs: does it join them into one token, does a sentence end in it?
// text/tokens.py and text/passages.py say the same over whole arrays.
#pragma once

#include <cstdint>

#include "characters.hpp"
#include "runs.hpp"

namespace xborder {

// Whether a sentence ends in a gap, from weak to strong.
enum class Break : std::uint8_t { kNone, kUnlessAbbreviated, kAlways };

template <class Char>
class GapReader {
public:
    GapReader(const Char* text, std::size_t length, const Characters& characters)
        : text_(text), length_(length), characters_(characters) {}

    // Whether both runs belong to one token.
    bool joins(const Run& left, const Run& right) const {
        if (left.numeric != right.numeric || left.end == right.begin) return false;
        switch (kind_at(left.end)) {
            case kDropped: return dropped_until(left.end, right.begin) == right.begin;
            case kDot: return initials(left, right);
            case kHyphen: return !left.numeric && hyphenated(left.end, right.begin);
            default: return false;
        }
    }

    // The sentence end between two runs that are not joined. A dot right behind `left` may belong to an
    // abbreviation, which only the vocabulary can tell.
    Break sentence_end(const Run& left, const Run& right) const {
        const std::size_t token_end = dropped_until(left.end, right.begin);
        Break found = Break::kNone, stop = Break::kNone;  // stop: of the last character that closes nothing
        for (std::size_t place = token_end; place < right.begin && found != Break::kAlways;) {
            const unsigned kind = kind_at(place);
            if (is_blank(kind)) {
                const Break end = after_blanks(place, right.begin, stop);
                found = end > found ? end : found;
                stop = Break::kNone;
                continue;
            }
            if (kind != kCloser) stop = stop_at(place, kind, left, token_end);
            ++place;
        }
        return found;
    }

private:
    unsigned kind_at(std::size_t place) const { return characters_.kind(text_[place]); }

    std::size_t dropped_until(std::size_t place, std::size_t end) const {
        while (place < end && kind_at(place) == kDropped) ++place;
        return place;
    }

    // "U.S.": a dot between two ASCII letters that have no letter and nothing dropped beside them.
    bool initials(const Run& left, const Run& right) const {
        if (left.numeric || right.begin - left.end != 1 || left.size() != 1 || right.size() != 1) return false;
        if (text_[left.begin] > 0x7F || text_[right.begin] > 0x7F) return false;
        const bool dropped_before = left.begin > 0 && kind_at(left.begin - 1) == kDropped;
        const bool dropped_after = right.end < length_ && kind_at(right.end) == kDropped;
        return !dropped_before && !dropped_after;
    }

    // "traf-\nficking": a hyphen, blanks with one line break, a lower-case letter.
    bool hyphenated(std::size_t begin, std::size_t end) const {
        if (kind_at(end) != kLower) return false;
        unsigned lines = 0;
        for (std::size_t place = begin + 1; place < end; ++place) {
            const unsigned kind = kind_at(place);
            if (!is_blank(kind)) return false;
            lines += kind == kNewline && lines < 2;
        }
        return lines == 1;
    }

    // A single letter, but not that of "John's".
    bool initial(const Run& run) const {
        if (run.numeric || run.size() != 1) return false;
        return run.begin == 0 || kind_at(run.begin) != kLower || kind_at(run.begin - 1) != kCloser;
    }

    Break stop_at(std::size_t place, unsigned kind, const Run& left, std::size_t token_end) const {
        if (kind == kTerminator) return Break::kAlways;
        if (kind != kDot) return Break::kNone;
        if (place == left.end && initial(left)) return Break::kNone;
        return place == token_end ? Break::kUnlessAbbreviated : Break::kAlways;
    }

    // Read a run of blanks, move `place` behind it. `end` is the next run's beginning.
    Break after_blanks(std::size_t& place, std::size_t end, Break stop) const {
        unsigned lines = 0;
        for (; place < end; ++place) {
            const unsigned kind = kind_at(place);
            if (!is_blank(kind)) break;
            lines += kind == kNewline && lines < 2;
        }
        if (lines > 1) return Break::kAlways;
        if (lines == 0 && stop == Break::kNone) return Break::kNone;
        if (kind_at(place) == kLower) return Break::kNone;
        return lines == 1 ? Break::kAlways : stop;
    }

    const Char* text_;
    std::size_t length_;
    const Characters& characters_;
};

}  // namespace xborder
