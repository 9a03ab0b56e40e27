// Any text: no sanitizer finding; the same scores however the string is kept and whichever path reads it; a decision that
// follows from them, and an explanation that adds up to them.
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "fixture.hpp"
#include "utf8.hpp"

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

std::vector<std::uint8_t> utf8(const std::vector<std::uint32_t>& codes) {
    std::vector<std::uint8_t> bytes;
    for (const std::uint32_t code : codes) {
        const int more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
        const std::uint32_t lead[] = {0, 0xC0, 0xE0, 0xF0};
        bytes.push_back(static_cast<std::uint8_t>(lead[more] | code >> 6 * more));
        for (int i = more - 1; i >= 0; --i) bytes.push_back(static_cast<std::uint8_t>(0x80 | (code >> 6 * i & 0x3F)));
    }
    return bytes;
}

bool is_surrogate(std::uint32_t code) { return code >= 0xD800 && code < 0xE000; }

bool is_utf8(const std::vector<std::uint8_t>& bytes) {
    static xborder::Widener* const widener = new xborder::Widener();
    const std::vector<std::uint8_t> text = exactly(bytes);
    try {
        (*widener)({text.data(), text.size(), xborder::kUtf8});
        return true;
    } catch (const xborder::NotUtf8&) {
        return false;
    }
}

// Scores of a text in UTF-8; false where it is refused. The kernel throws its scratch away when it refuses a text, and to
// make it anew takes longer than all the rest, so it is not asked about every text that is none.
bool score_utf8(const std::vector<std::uint8_t>& bytes, Scores& scores) {
    static unsigned refused = 0;
    if (!is_utf8(bytes) && ++refused % 64 != 0) return false;
    try {
        scores = score(kernels().fast, bytes, xborder::kUtf8);
        return true;
    } catch (const xborder::NotUtf8&) {
        return false;
    }
}

bool close(const std::vector<double>& some, const std::vector<double>& others) {
    const auto near = [](double a, double b) { return std::fabs(a - b) < 1e-9; };
    return std::equal(some.begin(), some.end(), others.begin(), near);
}

void expect_decided(const Scores& found) {
    const xborder::DecisionArrays& decision = kernels().arrays.decision;
    const std::size_t n = found.tags.size();
    for (std::size_t tag = 0; tag < n; ++tag) {
        const double share = found.probabilities[tag], low = decision.review[2 * tag], high = decision.review[2 * tag + 1];
        expect(std::isfinite(found.tags[tag]) && 0 < share && share < 1, "a score is not finite");
        expect(found.cells[tag] == (share >= decision.thresholds[tag]), "a tag does not follow from its score");
        expect(found.cells[n + tag] == (low <= share && share < high), "a doubt does not follow from its score");
    }
    expect(0 <= found.common && found.common <= found.known && found.known <= found.words, "counts are out of order");
    expect(found.cells[2 * n] == (found.words == 0), "a text is not empty");
    expect(found.cells[2 * n] + std::max(found.cells[2 * n + 1], found.cells[2 * n + 2]) < 2, "an empty text is foreign");
}

// The last sentence may be said to end behind the text, where blanks would stand.
void expect_explained(const std::vector<std::uint32_t>& codes, const Scores& scores) {
    static const Scores empty = score(kernels().fast, std::vector<std::uint32_t>());
    const xborder::Explanation found = explain(kernels().fast, codes);
    expect_in_order(found, codes.size());
    const std::size_t n_tokens = found.starts.size();
    for (std::size_t tag = 0; tag < scores.tags.size(); ++tag) {
        double sum = empty.tags[tag];
        for (std::size_t token = 0; token < n_tokens; ++token) sum += found.parts[tag * n_tokens + token];
        expect(std::fabs(sum - scores.tags[tag]) < 1e-8, "an explanation does not add up to the score");
    }
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
    const bool has_surrogates = std::any_of(codes.begin(), codes.end(), is_surrogate);
    Scores encoded(wide.tags.size());
    expect(score_utf8(utf8(codes), encoded) != has_surrogates, "UTF-8 is refused, or what is not UTF-8 is taken");
    expect(has_surrogates || encoded == wide, "UTF-8 scores otherwise");
    score_utf8({data, data + size}, encoded);
    expect_decided(wide);
    expect_explained(codes, wide);
    return 0;
}
