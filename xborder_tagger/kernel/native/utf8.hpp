// Texts as Arrow keeps them, in UTF-8, made into what the lexer reads.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <vector>

#include "texts.hpp"

namespace xborder {

constexpr int kUtf8 = 0;  // width of a `Text` that is in UTF-8 still; its length is in bytes

struct NotUtf8 : std::invalid_argument {
    NotUtf8() : std::invalid_argument("a text is not UTF-8") {}
};

// Makes texts of one, two or four bytes a character. Each thread has one, for the memory that it keeps.
class Widener {
public:
    // A text in ASCII, or not in UTF-8 at all, stays where it lies. Any other one is there until the next call.
    // Throws NotUtf8 if it is not what Python's strict decoder takes.
    Text operator()(const Text& text);

private:
    std::vector<std::uint8_t> narrow_;
    std::vector<std::uint16_t> middle_;
    std::vector<std::uint32_t> wide_;
};

}  // namespace xborder
