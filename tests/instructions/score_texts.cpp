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
    const std::size_t n = texts.size(), cells = n * kernel.tags();
    std::vector<double> scores(cells), probabilities(cells);
    std::vector<std::uint8_t> applies(cells), review(cells), flags(n * xborder::kFlags);
    std::vector<std::int64_t> word_counts(n), known(n), common(n);
    const xborder::Result first{scores.data(), probabilities.data(), applies.data(), review.data(),
                                flags.data(),  word_counts.data(),   known.data(),   common.data()};
    kernel.predict(texts.data(), n, first, 1);
    double sum = 0;
    for (const double score : scores) sum += score;
    std::printf("%.6f\n", sum);
}
