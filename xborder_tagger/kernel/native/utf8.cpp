#include "utf8.hpp"

#include <algorithm>
#include <cstring>

#include "portable.hpp"

namespace xborder {
namespace {

constexpr std::ptrdiff_t kStride = 8;
constexpr std::uint64_t kBeyondAscii = 0x8080808080808080;

[[noreturn]] XBORDER_RARE void refuse() { throw NotUtf8(); }

// Compilers make sixteen bytes at a time of it.
std::uint8_t highest_byte(const std::uint8_t* data, std::size_t size) {
    std::uint8_t highest = 0;
    for (std::size_t i = 0; i < size; ++i) highest = std::max(highest, data[i]);
    return highest;
}

// The character at `next`, which is moved behind it.
std::uint32_t decode(const std::uint8_t*& next, const std::uint8_t* end) {
    constexpr std::uint32_t kLowest[] = {0, 0x80, 0x800, 0x10000};
    const std::uint32_t lead = *next++;
    if (lead < 0x80) return lead;
    const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (lead < 0xC2 || lead > 0xF4 || end - next < more) refuse();
    std::uint32_t code = lead & (0x3Fu >> more);
    for (int i = 0; i < more; ++i) {
        const std::uint32_t byte = *next++;
        if ((byte & 0xC0) != 0x80) refuse();
        code = code << 6 | (byte & 0x3F);
    }
    if (code < kLowest[more] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) refuse();
    return code;
}

// There are at most as many characters as bytes, so eight may be written wherever eight bytes are left.
template <class Char>
Text widen(const std::uint8_t* next, std::size_t size, std::vector<Char>& scratch) {
    if (scratch.size() < size) scratch.resize(size);
    const std::uint8_t* const end = next + size;
    Char* out = scratch.data();
    while (next != end) {
        if (end - next >= kStride) {
            std::uint64_t bytes;
            std::memcpy(&bytes, next, kStride);
            for (std::ptrdiff_t i = 0; i < kStride; ++i) out[i] = next[i];
            const std::uint64_t beyond = bytes & kBeyondAscii;
            const std::ptrdiff_t plain = beyond == 0 ? kStride : lowest_bit(beyond) / 8;
            next += plain;
            out += plain;
            if (beyond == 0) continue;
        }
        *out++ = static_cast<Char>(decode(next, end));
    }
    return {scratch.data(), static_cast<std::size_t>(out - scratch.data()), sizeof(Char)};
}

}  // namespace

Text Widener::operator()(const Text& text) {
    if (text.width != kUtf8) return text;
    const auto* const data = static_cast<const std::uint8_t*>(text.data);
    const std::uint8_t highest = highest_byte(data, text.length);
    if (highest < 0x80) return {data, text.length, 1};
    if (highest < 0xC4) return widen(data, text.length, narrow_);  // the lead byte of U+0100
    if (highest < 0xF0) return widen(data, text.length, middle_);  // of U+10000
    return widen(data, text.length, wide_);
}

}  // namespace xborder
