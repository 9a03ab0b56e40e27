#include "lexer.hpp"

#include <algorithm>
#include <cstring>

namespace xborder {
namespace {

constexpr std::size_t kKeyBytes = sizeof(WordKey);

std::size_t end_of_run(const Text& text, std::size_t begin, const Characters& characters) {
    const unsigned kind = characters.kind(text[begin]);
    std::size_t end = begin + 1;
    while (end < text.length && same_class(kind, characters.kind(text[end]))) ++end;
    return end;
}

}  // namespace

void Lexer::read(const Text& text, Reader& reader) {
    marked_ = false;
    last_ = joined_ = Run();
    n_numbers_ = 0;
    stretch_.clear();
    for (std::size_t begin = 0; begin < text.length;) {
        reading_.judge(text, begin, characters_, marked_, chunk_, runs_);
        begin = read_chunk(text, reader);
    }
    stretch_.endings.push_back({stretch_.n_tokens, false, last_, text.length});
    reader.take(stretch_);
}

// Returns where the next chunk begins: at the beginning of a run that this one cuts through.
std::size_t Lexer::read_chunk(const Text& text, Reader& reader) {
    stretch_.make_room(Chunk::kCharacters);
    std::size_t number = 0;
    for (const std::uint32_t* mark = runs_.marks; number < runs_.size(); ++mark) {
        read_runs(text, number, *mark);
        if (number < runs_.size()) number += join({runs_.begins[number], runs_.ends[number]}, text, reader);
    }
    marked_ = runs_.marked();
    if (!runs_.cut()) return chunk_.end;
    const std::size_t begin = runs_.begins[number];
    const bool whole = begin == chunk_.begin || chunk_.end == text.length;
    return whole ? read_cut_run(begin, text, reader) : begin;
}

// A run that is longer than the chunk, or the last one of the text. Returns where it ends.
std::size_t Lexer::read_cut_run(std::size_t begin, const Text& text, Reader& reader) {
    const Run run{begin, end_of_run(text, begin, characters_)};
    if (!marked_ || !join(run, text, reader)) add(text, run);
    last_ = run;
    marked_ = false;
    return run.end;
}

// Read the gap before a run, which holds a mark. Whether the run became part of the last token.
bool Lexer::join(const Run& run, const Text& text, Reader& reader) {
    const bool joined = read_gap(text, run, reader);
    if (joined) last_ = run;
    return joined;
}

// Make tokens of runs, from a number on, up to the run that begins at `mark`, which `number` becomes.
void Lexer::read_runs(const Text& text, std::size_t& number, std::uint32_t mark) {
    const std::size_t first = number;
    for (;; ++number) {
        number = reading_.spell(chunk_, runs_, mark, number, vocabulary_.words(), stretch_);
        if (runs_.begins[number] == mark) break;
        add(text, {runs_.begins[number], runs_.ends[number]});
    }
    if (number > first) last_ = {runs_.begins[number - 1], runs_.ends[number - 1]};
}

// A run as a token of its own, unless it is a single letter.
void Lexer::add(const Text& text, const Run& run) {
    Token& token = stretch_.tokens[stretch_.n_tokens];
    if (characters_.kind(text[run.begin]) == kDigit) {
        token = vocabulary_.number();
        ++n_numbers_;
    } else {
        WordKey key;
        if (!spell(text, run, key)) return;
        token.word = vocabulary_.words().place(key);
    }
    token.begin = static_cast<std::uint32_t>(run.begin);
    token.end = static_cast<std::uint32_t>(run.end);
    ++stretch_.n_tokens;
}

// Read a gap with a mark in it. Whether it joins a run to the last token; if not, perhaps a sentence ends there.
bool Lexer::read_gap(const Text& text, const Run& next, Reader& reader) {
    if (last_.end == 0) return false;
    const GapReader gaps(text, characters_);
    const Run token = joined_.end == last_.end ? joined_ : last_;
    const bool kept = stretch_.n_tokens > 0 && stretch_.tokens[stretch_.n_tokens - 1].begin == token.begin;
    if (!gaps.joins(last_, next)) {
        end_sentence(gaps.sentence_end(last_, next), next.begin, kept, reader);
        return false;
    }
    if (kept) {
        --stretch_.n_tokens;
        n_numbers_ -= stretch_.tokens[stretch_.n_tokens].word.slot == vocabulary_.number().word.slot;
    }
    joined_ = {token.begin, next.end};
    add(text, joined_);
    return true;
}

// In the gap before the run that begins at `next`. `kept`: the last run is the last token, so that it may be an
// abbreviation.
void Lexer::end_sentence(Break found, std::size_t next, bool kept, Reader& reader) {
    if (found == Break::kNone) return;
    const std::size_t n = stretch_.n_tokens;
    const bool always = !kept || found == Break::kAlways;
    stretch_.endings.push_back({n, !always, last_, next});
    if (n < kStretch || (!always && vocabulary_.abbreviation(stretch_.tokens[n - 1]))) return;
    reader.take(stretch_);
    stretch_.clear();
}

// Spell out a word, character by character. False if it is shorter than two bytes.
bool Lexer::spell(const Text& text, const Run& run, WordKey& key) const {
    std::uint8_t spelling[2 * kKeyBytes] = {};
    unsigned length = 0;
    for (std::size_t place = run.begin; place < run.end && length < kKeyBytes; ++place) {
        const std::uint32_t entry = characters_.entry(text[place]);
        if (is_letter(entry & 15)) length += characters_.spell(text[place], entry, spelling + length);
    }
    std::memcpy(&key, spelling, kKeyBytes);
    return length > 1;
}

}  // namespace xborder
