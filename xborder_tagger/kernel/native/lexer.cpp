#include "lexer.hpp"

#include <algorithm>
#include <cstring>

namespace xborder {
namespace {

constexpr std::size_t kKeyBytes = sizeof(WordKey);
constexpr std::uint64_t kLastBit = std::uint64_t{1} << 63;

std::size_t end_of_run(const Text& text, std::size_t begin, const Characters& characters) {
    const unsigned kind = characters.kind(text[begin]);
    std::size_t end = begin + 1;
    while (end < text.length && same_class(kind, characters.kind(text[end]))) ++end;
    return end;
}

}  // namespace

void Lexer::read(const Text& text, Reader& reader) {
    open_ = marked_ = false;
    last_ = joined_ = Run();
    n_numbers_ = 0;
    stretch_.clear();
    for (std::size_t begin = 0; begin < text.length;) {
        chunk_.read(text, begin, characters_);
        begin = read_chunk(text, reader);
    }
    stretch_.endings.push_back({stretch_.n_tokens, false, last_, text.length});
    reader.take(stretch_);
}

// Returns where the next chunk begins: at the beginning of a run that this one cuts through.
std::size_t Lexer::read_chunk(const Text& text, Reader& reader) {
    open_ = false;
    stretch_.reserve(Chunk::kCharacters);
    for (std::size_t number = 0; number < chunk_.n_blocks(); ++number) read_block(text, number, reader);
    if (!open_) return chunk_.end();
    if (begin_ > chunk_.begin() && chunk_.end() < text.length) return begin_;
    const Run run{begin_, end_of_run(text, begin_, characters_)};
    if (!marked_ || !read_gap(text, run, reader)) add(text, run);
    marked_ = false;
    return run.end;
}

// Runs begin and end where characters change their class.
struct Edges {
    std::uint64_t begins, ends;

    Edges(std::uint64_t here, bool before) {
        const std::uint64_t edges = here ^ (here << 1 | std::uint64_t{before});
        begins = edges & here;
        ends = edges & ~here;
    }
};

// The ends of runs are walked over, and behind each one the beginning of the next is taken.
void Lexer::read_block(const Text& text, std::size_t number, Reader& reader) {
    const Block& block = chunk_.block(number);
    const Edges letters(block.letters, number > 0 && chunk_.block(number - 1).letters >> 63);
    const Edges digits(block.digits, number > 0 && chunk_.block(number - 1).digits >> 63);
    std::uint64_t begins = letters.begins | digits.begins, ends = letters.ends | digits.ends;

    // Adding a mark to the gap it stands in carries a bit over to the beginning of the run behind it.
    const std::uint64_t gaps = ~(block.letters | block.digits), carried = gaps + block.marks;
    const std::uint64_t pending = carried + std::uint64_t{marked_ && !open_};
    const std::uint64_t marks = pending & begins;
    const bool left = carried < gaps || pending < carried;

    const std::size_t base = chunk_.begin() + number * kBlock;
    const std::uint8_t* const lower = chunk_.lower() - chunk_.begin();
    const WordTable words = vocabulary_.words();
    Token* token = stretch_.tokens.data() + stretch_.n_tokens;
    std::size_t begin = begin_;
    bool marked = marked_;
    const auto begin_run = [&] {
        const std::uint64_t first = begins & (0 - begins);
        begin = base + lowest_bit(begins | kLastBit);
        marked = (marks & first) != 0;
        begins ^= first;
    };
    const auto rarely = [&](std::size_t end) {
        stretch_.n_tokens = static_cast<std::size_t>(token - stretch_.tokens.data());
        if (!marked || !read_gap(text, {begin, end}, reader)) add(text, {begin, end});
        token = stretch_.tokens.data() + stretch_.n_tokens;
    };
    if (!open_) begin_run();
    for (; ends != 0; ends &= ends - 1) {
        const std::size_t end = base + lowest_bit(ends), size = end - begin;
        const Bytes bytes = first_bytes(load(lower + begin), std::min(size, kKeyBytes));
        const WordKey key{low_half(bytes), high_half(bytes)};
        if (marked) {
            stretch_.n_tokens = static_cast<std::size_t>(token - stretch_.tokens.data());
            marked = read_gap(text, {begin, end}, reader);
            token = stretch_.tokens.data() + stretch_.n_tokens;
        }
        if (marked || high_bits(bytes) != 0 || (key.low & 0xFF) < 'a') {
            if (!marked) rarely(end);
        } else {
            store(&token->key, bytes);
            token->slot = words.place(key);
            token->begin = static_cast<std::uint32_t>(begin);
            token->end = static_cast<std::uint32_t>(end);
            token += size > 1;
        }
        last_.begin = begin;
        last_.end = end;
        begin_run();
    }
    stretch_.n_tokens = static_cast<std::size_t>(token - stretch_.tokens.data());
    begin_ = begin;
    open_ = (block.letters | block.digits) >> 63;
    marked_ = open_ ? marked : left;
}

// A run as a token of its own, unless it is a single letter.
void Lexer::add(const Text& text, const Run& run) {
    Token& token = stretch_.tokens[stretch_.n_tokens];
    if (characters_.kind(text[run.begin]) == kDigit) {
        token = vocabulary_.number();
        ++n_numbers_;
    } else {
        if (!spell(text, run, token.key)) return;
        token.slot = vocabulary_.words().place(token.key);
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
    const std::size_t n = stretch_.n_tokens;
    const bool kept = n > 0 && stretch_.tokens[n - 1].begin == token.begin;
    if (gaps.joins(last_, next)) {
        if (kept) {
            n_numbers_ -= stretch_.tokens[n - 1].slot == vocabulary_.number().slot;
            --stretch_.n_tokens;
        }
        joined_ = {token.begin, next.end};
        add(text, joined_);
        return true;
    }
    const Break found = gaps.sentence_end(last_, next);
    if (found == Break::kNone) return false;
    const bool always = !kept || found == Break::kAlways;
    stretch_.endings.push_back({n, !always, last_, next.begin});
    if (n >= kStretch && (always || !vocabulary_.abbreviation(stretch_.tokens[n - 1]))) {
        reader.take(stretch_);
        stretch_.clear();
    }
    return false;
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
