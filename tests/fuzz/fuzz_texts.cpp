// Any text: no sanitizer finding, and the same scores however the string is kept and whichever path reads it.
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "fixture.hpp"

namespace {

constexpr std::uint32_t kOdd = 1;  // the control character that is a letter in the odd tables

// One kernel with the shipped tables, and one that asks the table about every character, because one control
// character is a letter in it: the fast path for ASCII must agree with it on texts without that character.
struct Kernels {
    Fixture fixture{"XBORDER_FUZZ_SHIPPED"};
    xborder::Arrays arrays = fixture.arrays();
    std::vector<std::uint32_t> entries{arrays.characters.entries.begin(), arrays.characters.entries.end()};
    xborder::Kernel fast{arrays};
    xborder::Kernel slow{odd()};

    xborder::Arrays odd() {
        entries[arrays.characters.pages[0] * 256u + kOdd] = xborder::kLower;
        xborder::Arrays other = arrays;
        other.characters.entries = {entries.data(), entries.size()};
        return other;
    }
};

Kernels& kernels() {
    static Kernels* const all = new Kernels();
    return *all;
}

// The first byte says how many bytes make a character.
std::vector<std::uint32_t> decode(const std::uint8_t* data, std::size_t size) {
    const std::size_t width = size == 0 ? 1 : std::size_t{1} << (data[0] % 3);
    std::vector<std::uint32_t> codes;
    for (std::size_t i = 1; i + width <= size; i += width) {
        std::uint32_t code = 0;
        std::memcpy(&code, data + i, width);
        codes.push_back(code % 0x110000);
    }
    return codes;
}

template <class Char>
Scores score_as(const std::vector<std::uint32_t>& codes) {
    std::vector<Char> text;
    for (const std::uint32_t code : codes) text.push_back(static_cast<Char>(code));
    return score(kernels().fast, text);
}

bool close(const std::vector<double>& some, const std::vector<double>& others) {
    const auto near = [](double a, double b) { return std::fabs(a - b) < 1e-9; };
    return std::equal(some.begin(), some.end(), others.begin(), near);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::vector<std::uint32_t> codes = decode(data, size);
    const std::uint32_t highest = codes.empty() ? 0 : *std::max_element(codes.begin(), codes.end());
    const Scores wide = score_as<std::uint32_t>(codes);
    if (highest < 0x10000) expect(score_as<std::uint16_t>(codes) == wide, "16-bit characters score otherwise");
    if (highest < 0x100) expect(score_as<std::uint8_t>(codes) == wide, "8-bit characters score otherwise");
    if (std::find(codes.begin(), codes.end(), kOdd) == codes.end()) {
        const Scores slow = score(kernels().slow, codes);
        expect(slow.words == wide.words && slow.known == wide.known, "the table path counts otherwise");
        expect(close(slow.tags, wide.tags), "the table path scores otherwise");
    }
    expect(0 <= wide.common && wide.common <= wide.known && wide.known <= wide.words, "the counts are out of order");
    for (const double score : wide.tags) expect(std::isfinite(score), "a score is not finite");
    return 0;
}
