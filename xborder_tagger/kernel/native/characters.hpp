// What a character is: its kind and its normalised spelling, through the model's two-stage table.
#pragma once

#include <cstdint>
#include <vector>

#include "tables.hpp"

namespace xborder {

// The numbers of text/normalise.py: they stand in the low four bits of an entry.
enum Kind : std::uint8_t {
    kSeparator, kSpace, kNewline, kLetter, kLower, kDigit, kDropped, kDot, kTerminator, kCloser, kHyphen,
};

constexpr std::size_t kPageSize = 256;

constexpr std::uint32_t spelling_length(std::uint32_t entry) { return entry >> 4 & 15; }  // 0: its own UTF-8
constexpr std::uint32_t spelling_offset(std::uint32_t entry) { return entry >> 8; }
constexpr bool is_letter(unsigned kind) { return kind == kLetter || kind == kLower; }
constexpr bool same_class(unsigned kind, unsigned other) {
    return is_letter(kind) ? is_letter(other) : kind == other;
}
constexpr bool is_mark(unsigned kind) {  // what may join two runs or end a sentence
    return kind == kNewline || kind == kDropped || kind == kDot || kind == kTerminator;
}
constexpr bool is_blank(unsigned kind) { return kind == kSpace || kind == kNewline; }

class Characters {
public:
    explicit Characters(const CharacterArrays& arrays);

    // `code` is at most 0x10FFFF, which every Python string guarantees.
    std::uint32_t entry(std::uint32_t code) const { return entries_[pages_[code >> 8] + (code & 0xFF)]; }
    unsigned kind(std::uint32_t code) const { return entry(code) & 15; }

    // Write the spelling of a letter, at most 15 bytes; return its length.
    unsigned spell(std::uint32_t code, std::uint32_t entry, std::uint8_t* out) const;

    // Whether ASCII is what blocks.hpp takes it for. With a table that reads it in another way the table is asked about
    // every character.
    bool plain_ascii() const { return plain_ascii_; }

private:
    bool check_ascii() const;

    std::vector<std::uint32_t> pages_;  // offsets of the pages in entries_
    std::vector<std::uint32_t> entries_;
    std::vector<std::uint8_t> pool_;
    bool plain_ascii_;
};

}  // namespace xborder
