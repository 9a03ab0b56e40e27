// Where the runs of a chunk begin and end, and which of them stand behind a gap that holds a mark.
#pragma once

#include <cstddef>
#include <cstdint>

#include "chunk.hpp"

namespace xborder {

struct Runs {
    static constexpr std::uint32_t kNowhere = ~std::uint32_t{0};
    static constexpr std::size_t kRoom = Chunk::kCharacters + kBlock;  // whole blocks of places may be written

    std::uint32_t begins[kRoom], ends[kRoom];

    // Where runs begin behind a gap with a mark, in order; at last what stands behind the last begin of size() runs.
    std::uint32_t marks[kRoom];

    std::size_t n_begins = 0, n_ends = 0, n_marks = 0;
    bool marked_behind = false;  // a mark stands behind the last run

    // Runs that end inside the chunk. If another one begins there, it has no end yet.
    std::size_t size() const { return n_ends; }
    bool cut() const { return n_begins > n_ends; }

    // Whether a mark stands in the gap before what comes next: the run that was cut, or the next chunk.
    bool marked() const { return cut() ? n_marks > 0 && marks[n_marks - 1] == begins[n_ends] : marked_behind; }
};

}  // namespace xborder
