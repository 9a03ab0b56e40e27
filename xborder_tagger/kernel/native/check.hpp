// The one place where tables are doubted. Whatever passes here is read without another check, so every value that
// serves as an index is looked at, and copied afterwards by whoever indexes with it: a later write to a mapped file
// cannot turn into a stray access.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "tables.hpp"

namespace xborder {

inline void require(bool condition, const std::string& message) {
    if (!condition) throw std::invalid_argument(message);
}

// Whether each value indexes a table of `limit` rows or is kMissing.
inline bool are_indices(Span<std::int32_t> values, std::size_t limit) {
    bool inside = true;
    for (const std::int32_t value : values)
        inside &= value >= kMissing && (value < 0 || static_cast<std::size_t>(value) < limit);
    return inside;
}

inline std::vector<std::int32_t> checked_indices(const std::string& name, Span<std::int32_t> values,
                                                 std::size_t limit) {
    require(are_indices(values, limit), "a value of " + name + " points outside its table");
    return {values.begin(), values.end()};
}

}  // namespace xborder
