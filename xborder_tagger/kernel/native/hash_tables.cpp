#include "hash_tables.hpp"

namespace xborder {
namespace {

std::size_t count_stored(Span<std::int32_t> values) {
    return values.size - static_cast<std::size_t>(std::count(values.begin(), values.end(), kMissing));
}

// A power of two at most half filled, as in kernel/tables.py: every search ends at an empty slot.
std::size_t capacity_for(std::size_t stored) {
    std::size_t capacity = 16;
    while (capacity < 2 * stored) capacity *= 2;
    return capacity;
}

}  // namespace

WordTable::WordTable(const HashArrays& arrays, const std::vector<WordEntry>& entries) : seed_(arrays.seed) {
    const std::size_t capacity = capacity_for(count_stored(arrays.values));
    slots_.resize(capacity);
    mask_ = capacity - 1;
    for (std::size_t i = 0; i < arrays.values.size; ++i) {
        const std::int32_t value = arrays.values[i];
        if (value != kMissing)
            insert({arrays.keys[2 * i], arrays.keys[2 * i + 1]}, entries[static_cast<std::size_t>(value)]);
    }
}

void WordTable::insert(const WordKey& key, const WordEntry& entry) {
    std::size_t place = home(key);
    while (slots_[place].entry.id != kMissing) place = (place + 1) & mask_;
    slots_[place].key = key;
    slots_[place].entry = entry;
}

PairTable::PairTable(const HashArrays& arrays, std::size_t n_left, std::size_t n_right) : seed_(arrays.seed) {
    const std::size_t capacity = capacity_for(count_stored(arrays.values));
    mask_ = capacity - 1;
    slots_.assign(capacity + 1, kEmpty);
    for (std::size_t i = 0; i < arrays.values.size; ++i) {
        const std::int32_t value = arrays.values[i];
        const std::uint32_t left = static_cast<std::uint32_t>(arrays.keys[i] >> 32);
        const std::uint32_t right = static_cast<std::uint32_t>(arrays.keys[i]);
        if (value == kMissing || left >= n_left || right >= n_right) continue;  // nobody will ask for it
        std::size_t place = home(left, right);
        while (slots_[place] != kEmpty) place = (place + 1) & mask_;
        slots_[place] = join(left, right) << 24 | static_cast<std::uint32_t>(value);
    }
    slots_[capacity] = slots_[0];
}

}  // namespace xborder
