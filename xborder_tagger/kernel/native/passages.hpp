// From sentences to passages, and from those to the scores of a text: text/passages.py and kernel/pooling.py, compiled.
//
// A passage is two neighbouring halves, a half a few sentences. A sentence is summed as if each of its features stood
// there once, and mended for those that repeat; a half is the sum of its sentences, mended for what repeats in it; a
// passage that of its halves, mended for what both have. So nearly all rows are read once.
#pragma once

#include <cstdint>
#include <vector>

#include "linear.hpp"
#include "stretch.hpp"
#include "sums.hpp"

namespace xborder {

class Passages {
public:
    explicit Passages(const Linear& linear);

    // The text's next sentences.
    void add(const Stretch& stretch);

    // Write the scores of the text, those of its best passage for each tag, and forget the text.
    void finish(double* scores);

private:
    void append(const Stretch& stretch);
    void make_room(std::size_t size);
    void drop_oldest(std::size_t count, std::size_t kept);
    void count_anew();
    void begin_text();
    void begin_half();
    void end_half();
    void score();
    Half& half(std::size_t number) { return halves_[number % 2]; }

    const Linear& linear_;
    SumsVariant sums_;
    std::vector<double> tags_;  // all arrays over tags
    std::vector<std::int32_t> features_;
    std::vector<std::uint32_t> last_, previous_, in_sentence_, in_half_, repeats_, shared_;
    std::vector<Term> terms_;
    Progress progress_;
    Half halves_[2];  // this one and the one before
    std::size_t n_halves_ = 0;  // before this one
};

}  // namespace xborder
