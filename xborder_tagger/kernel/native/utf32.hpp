// Texts as NumPy keeps them: rows of one width, four bytes a character, filled up with NULs.
#pragma once

#include <cstdint>
#include <stdexcept>

#include "texts.hpp"

namespace xborder {

// The text of a row, without the NULs at its end. Throws std::invalid_argument if an item is no character: the tables
// have no place for it.
inline Text unpadded(const std::uint32_t* row, std::size_t width) {
    while (width != 0 && row[width - 1] == 0) --width;
    std::uint32_t highest = 0;
    for (std::size_t i = 0; i < width; ++i) highest = row[i] > highest ? row[i] : highest;
    if (highest > 0x10FFFF) throw std::invalid_argument("an array of strings holds what is no character");
    return {row, width, 4};
}

}  // namespace xborder
