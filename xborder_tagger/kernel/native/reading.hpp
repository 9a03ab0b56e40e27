// From characters to the tokens of plain words. These loops take a third of a text's time. They are compiled twice, for
// AVX-512 and for any processor, in the manner of sums.hpp.
#pragma once

#include <cstddef>
#include <cstdint>

#include "characters.hpp"
#include "hash_tables.hpp"
#include "runs.hpp"
#include "stretch.hpp"
#include "texts.hpp"

namespace xborder {

struct ReadingVariant {
    // Judge the characters of a text from `begin` on, as many as there are and fit, and list their runs. `marked`: a mark
    // stands in the gap before them.
    void (*judge)(const Text& text, std::size_t begin, const Characters& characters, bool marked, Chunk& chunk,
                  Runs& runs);

    // Make tokens of runs, from a number on, up to the run that begins at `mark` or the first one that is no word of
    // ASCII letters; returns the number of that. There is room for them.
    std::size_t (*spell)(const Chunk& chunk, const Runs& runs, std::uint32_t mark, std::size_t number,
                         const WordTable& words, Stretch& stretch);
};

// The fastest one that this processor can run.
ReadingVariant best_reading();

}  // namespace xborder
