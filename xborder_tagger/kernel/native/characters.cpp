#include "characters.hpp"

#include <algorithm>

namespace xborder {
namespace {

unsigned write_utf8(std::uint32_t code, std::uint8_t* out) {
    if (code < 0x80) {
        out[0] = static_cast<std::uint8_t>(code);
        return 1;
    }
    const unsigned size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (unsigned i = size - 1; i > 0; --i, code >>= 6) out[i] = static_cast<std::uint8_t>((code & 0x3F) | 0x80);
    constexpr std::uint8_t lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    out[0] = static_cast<std::uint8_t>(code | lead[size]);
    return size;
}

}  // namespace

Characters::Characters(const CharacterArrays& arrays)
    : pages_(arrays.pages.begin(), arrays.pages.end()),
      entries_(arrays.entries.begin(), arrays.entries.end()),
      pool_(arrays.pool.begin(), arrays.pool.end()) {
    for (std::uint32_t& page : pages_) page *= kPageSize;
    plain_ascii_ = check_ascii();
}

unsigned Characters::spell(std::uint32_t code, std::uint32_t entry, std::uint8_t* out) const {
    const unsigned length = spelling_length(entry);
    if (length == 0) return write_utf8(code, out);
    std::copy_n(pool_.data() + spelling_offset(entry), length, out);
    return length;
}

bool Characters::check_ascii() const {
    for (std::uint32_t code = 0; code < 0x80; ++code) {
        const std::uint32_t lower = code | 0x20;
        const bool letter = lower >= 'a' && lower <= 'z', digit = code >= '0' && code <= '9';
        const bool mark = code == '.' || code == '!' || code == '?' || (code >= '\n' && code <= '\f');
        const unsigned found = kind(code);
        if (is_letter(found) != letter || (found == kDigit) != digit || is_mark(found) != mark) return false;
        std::uint8_t spelling[16];
        if (letter && (spell(code, entry(code), spelling) != 1 || spelling[0] != lower)) return false;
    }
    return true;
}

}  // namespace xborder
