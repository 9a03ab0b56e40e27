// A text as Python keeps it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace xborder {

struct Text {
    const void* data;
    std::size_t length;  // in characters
    int width;           // bytes of a character: 1, 2 or 4; `kUtf8` of a text that a `Widener` has still to read

    std::uint32_t operator[](std::size_t place) const {
        switch (width) {
            case 1: return static_cast<const std::uint8_t*>(data)[place];
            case 2: return static_cast<const std::uint16_t*>(data)[place];
            default: return static_cast<const std::uint32_t*>(data)[place];
        }
    }
};

// A stretch of letters or of digits.
struct Run {
    std::size_t begin = 0, end = 0;

    std::size_t size() const { return end - begin; }
};

}  // namespace xborder
