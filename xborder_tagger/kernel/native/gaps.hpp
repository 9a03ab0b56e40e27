// What stands between two runs: does it join them into one token, does a sentence end in it?
// text/tokens.py and text/sentences.py say the same over whole arrays.
#pragma once

#include <array>
#include <cstdint>

#include "characters.hpp"
#include "texts.hpp"

namespace xborder {

// Whether a sentence ends in a gap, from weak to strong.
enum class Break : std::uint8_t { kNone, kUnlessAbbreviated, kAlways };

constexpr Break stronger(Break a, Break b) { return a < b ? b : a; }

// What is known of a gap after some of its characters.
struct GapState {
    enum Phase : std::uint8_t { kBegin, kBeginAfterInitial, kSolid, kBlanks } phase = kBegin;
    Break found = Break::kNone;  // whether a sentence ended
    Break stop = Break::kNone;   // whether one may end in the blanks to come, or at hand
    std::uint8_t lines = 0;      // line breaks among the blanks at hand, at most 2

    static constexpr std::size_t kCount = 4 * 3 * 3 * 3;

    constexpr std::size_t index() const {
        return ((phase * 3u + static_cast<unsigned>(found)) * 3 + static_cast<unsigned>(stop)) * 3 + lines;
    }

    static constexpr GapState at(std::size_t index) {
        GapState state;
        state.lines = static_cast<std::uint8_t>(index % 3);
        state.stop = static_cast<Break>(index / 3 % 3);
        state.found = static_cast<Break>(index / 9 % 3);
        state.phase = static_cast<Phase>(index / 27);
        return state;
    }

    constexpr GapState after(unsigned kind) const { return is_blank(kind) ? after_blank(kind) : after_solid(kind); }

private:
    constexpr GapState after_blank(unsigned kind) const {
        GapState next = *this;
        next.phase = kBlanks;
        if (phase != kBlanks) next.lines = 0;
        if (kind == kNewline && next.lines < 2) ++next.lines;
        return next;
    }

    constexpr GapState after_solid(unsigned kind) const {
        GapState next;
        next.phase = kSolid;
        next.found = phase == kBlanks ? stronger(found, end_of_blanks(kind)) : found;
        next.stop = kind == kCloser ? (phase == kBlanks ? Break::kNone : stop) : stop_at(kind);
        return next;
    }

    // Whether a sentence ends in the blanks before a character.
    constexpr Break end_of_blanks(unsigned kind) const {
        if (lines > 1) return Break::kAlways;
        if (kind == kLower) return Break::kNone;
        return lines == 1 ? Break::kAlways : stop;
    }

    // A dot right behind a token may belong to an abbreviation, which only the vocabulary can tell.
    constexpr Break stop_at(unsigned kind) const {
        if (kind == kTerminator) return Break::kAlways;
        if (kind != kDot || phase == kBeginAfterInitial) return Break::kNone;
        return phase == kBegin ? Break::kUnlessAbbreviated : Break::kAlways;
    }
};

// Where sentences end in a gap; `found` says whether any does.
struct Breaks {
    Break found = Break::kNone;
    std::size_t first = 0;         // the first of them, and
    std::size_t first_always = 0;  // the first that no abbreviation undoes
    std::size_t last = 0;

    void add(Break strength, std::size_t place) {
        if (found == Break::kNone) first = place;
        if (found != Break::kAlways && strength == Break::kAlways) first_always = place;
        found = stronger(found, strength);
        last = place;
    }
};

class GapReader {
public:
    GapReader(const Text& text, const Characters& characters) : text_(text), characters_(characters) {}

    // Whether both runs belong to one token.
    bool joins(const Run& left, const Run& right) const {
        if (left.end == right.begin) return false;
        switch (kind_at(left.end)) {
            case kDropped:
                return numeric(left) == numeric(right) && dropped_until(left.end, right.begin) == right.begin;
            case kDot: return right.begin - left.end == 1 && initials(left, right);
            case kHyphen: return !numeric(left) && hyphenated(left.end, right.begin);
            default: return false;
        }
    }

    // The sentence end between two runs that are not joined.
    Break sentence_end(const Run& left, const Run& right) const {
        const std::size_t begin = dropped_until(left.end, right.begin);
        std::size_t state = start_behind(left, begin).index();
        for (std::size_t place = begin; place <= right.begin; ++place) state = kSteps[state][kind_at(place)];
        return GapState::at(state).found;
    }

    // The same with its places, from behind a run up to a character that is included. An empty run at 0 stands for the
    // beginning of the text.
    Breaks breaks(const Run& left, std::size_t last) const {
        const std::size_t begin = left.end == 0 ? blank_until(last) : dropped_until(left.end, last);
        GapState state = start_behind(left, begin);
        Breaks breaks;
        for (std::size_t place = begin; place <= last && place < text_.length; ++place) {
            const unsigned kind = kind_at(place);
            if (!is_blank(kind)) state.found = Break::kNone;
            state = state.after(kind);
            if (state.found != Break::kNone && !is_blank(kind)) breaks.add(state.found, place);
        }
        return breaks;
    }

private:
    static constexpr std::size_t kKinds = 16;
    using Steps = std::array<std::array<std::uint8_t, kKinds>, GapState::kCount>;

    static constexpr Steps make_steps() {
        Steps steps{};
        for (std::size_t state = 0; state < GapState::kCount; ++state)
            for (unsigned kind = 0; kind < kKinds; ++kind)
                steps[state][kind] = static_cast<std::uint8_t>(GapState::at(state).after(kind).index());
        return steps;
    }

    static const Steps kSteps;

    unsigned kind_at(std::size_t place) const { return characters_.kind(text_[place]); }
    bool numeric(const Run& run) const { return kind_at(run.begin) == kDigit; }

    std::size_t dropped_until(std::size_t place, std::size_t end) const {
        while (place < end && kind_at(place) == kDropped) ++place;
        return place;
    }

    std::size_t blank_until(std::size_t end) const {
        std::size_t place = 0;
        while (place < end && is_blank(kind_at(place))) ++place;
        return place;
    }

    GapState start_behind(const Run& left, std::size_t begin) const {
        GapState start;
        if (left.end == 0)
            start.phase = GapState::kSolid;
        else if (begin == left.end && initial(left))
            start.phase = GapState::kBeginAfterInitial;
        return start;
    }

    // "U.S.": a dot between two ASCII letters that have no letter and nothing dropped beside them.
    bool initials(const Run& left, const Run& right) const {
        if (left.size() != 1 || right.size() != 1 || numeric(left) || numeric(right)) return false;
        if (text_[left.begin] > 0x7F || text_[right.begin] > 0x7F) return false;
        const bool dropped_before = left.begin > 0 && kind_at(left.begin - 1) == kDropped;
        const bool dropped_after = right.end < text_.length && kind_at(right.end) == kDropped;
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
        if (run.size() != 1 || numeric(run)) return false;
        return run.begin == 0 || kind_at(run.begin) != kLower || kind_at(run.begin - 1) != kCloser;
    }

    const Text& text_;
    const Characters& characters_;
};

inline constexpr GapReader::Steps GapReader::kSteps = GapReader::make_steps();

}  // namespace xborder
