// Score the texts of a file once with the core of the compiled kernel, for a count of its instructions.
//
// usage: XBORDER_TABLES=shipped.tables score_texts TEXTS; see tests/test_instructions.py
#include <cstdio>
#include <cstdlib>

#include "../fuzz/fixture.hpp"

namespace {

// Number of texts, then for each one the bytes of a character, the number of characters, and these, in whole words of
// eight bytes.
std::vector<xborder::Text> parse(const std::vector<std::uint64_t>& words) {
    std::vector<xborder::Text> texts(words.at(0));
    std::size_t next = 1;
    for (xborder::Text& text : texts) {
        const std::uint64_t width = words.at(next), length = words.at(next + 1);
        text = {words.data() + next + 2, length, static_cast<int>(width)};
        next += 2 + (length * width + 7) / 8;
    }
    return texts;
}

}  // namespace

int main(int, char** arguments) {
    Fixture fixture("XBORDER_TABLES");
    xborder::Kernel kernel(fixture.arrays());
    const std::vector<std::uint64_t> words = read_words(arguments[1]);
    const std::vector<xborder::Text> texts = parse(words);
    std::vector<double> scores(texts.size() * kernel.tags());
    std::vector<std::int64_t> counts(3 * texts.size());
    const xborder::Results results{scores.data(), counts.data(), counts.data() + texts.size(),
                                   counts.data() + 2 * texts.size()};
    kernel.score(texts.data(), texts.size(), results, 1);
    double sum = 0;
    for (const double score : scores) sum += score;
    std::printf("%.6f\n", sum);
}
