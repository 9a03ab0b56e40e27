// Read-only open addressing: kernel/tables.py, compiled. The slots are copied from the model's arrays into a form in
// which a look-up reads one cache line and not two or three: the tables of a real model do not fit the second-level
// cache, and this took a sixth off the time of a document.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "portable.hpp"
#include "tables.hpp"

namespace xborder {

// splitmix64 (Steele, Lea, Flood 2014).
inline std::uint64_t mix(std::uint64_t state, std::uint64_t word) {
    state = (state ^ word) * 0xBF58476D1CE4E5B9u;
    state ^= state >> 32;
    state *= 0x94D049BB133111EBu;
    return state ^ (state >> 29);
}

// The first 16 bytes of a word's normalised UTF-8.
struct WordKey {
    std::uint64_t low, high;
};

// What a slot says of a word; `id` is kMissing in an empty slot.
struct WordEntry {
    std::int32_t id = kMissing;
    std::int32_t unigram = kMissing;
    std::uint32_t flags = 0;
};

class WordTable {
public:
    // The values point to `entries`, one for each unit.
    WordTable(const HashArrays& arrays, const std::vector<WordEntry>& entries);

    // The slot at which a key's search begins.
    std::size_t home(const WordKey& key) const { return mix(mix(seed_, key.low), key.high) & mask_; }

    // To be called well before `find`, so that the slot is on its way from memory.
    void fetch(std::size_t home) const { prefetch(slots_.data() + home); }

    const WordEntry& find(const WordKey& key, std::size_t place) const {
        for (;; place = (place + 1) & mask_) {
            const Slot& slot = slots_[place];
            const std::uint64_t difference = (slot.key.low ^ key.low) | (slot.key.high ^ key.high);
            if (difference == 0 || slot.entry.id == kMissing) return slot.entry;
        }
    }

private:
    struct alignas(32) Slot {  // half a cache line, and never parts of two
        WordKey key = {0, 0};
        WordEntry entry;
    };

    void insert(const WordKey& key, const WordEntry& entry);

    std::vector<Slot> slots_;
    std::uint64_t seed_;
    std::size_t mask_;
};

// From pairs of small numbers to small numbers, each slot one integer: 20 bits, 20 bits, 24 bits with a sign.
class PairTable {
public:
    static constexpr std::size_t kKeys = std::size_t{1} << 20, kValues = std::size_t{1} << 23;

    // Only pairs of numbers below `n_left` and `n_right` are asked for, and at most kKeys and kValues are there.
    PairTable(const HashArrays& arrays, std::size_t n_left, std::size_t n_right);

    std::size_t home(std::uint32_t left, std::uint32_t right) const {
        return mix(seed_, std::uint64_t{left} << 32 | right) & mask_;
    }

    void fetch(std::size_t home) const { prefetch(slots_.data() + home); }

    std::int32_t find(std::uint32_t left, std::uint32_t right) const { return find(left, right, home(left, right)); }

    std::int32_t find(std::uint32_t left, std::uint32_t right, std::size_t place) const {
        const std::uint64_t pair = join(left, right);
        for (;; place = (place + 1) & mask_) {
            // Whether a slot is right or empty cannot be guessed, that one of the next two is nearly always can.
            const std::uint64_t first = slots_[place], second = slots_[place + 1];
            const bool stops = misses(first, pair) == 0;
            const std::uint64_t slot = stops ? first : second;
            if (misses(slot, pair) == 0) return static_cast<std::int32_t>(static_cast<std::uint32_t>(slot) << 8) >> 8;
        }
    }

private:
    static constexpr std::uint64_t kEmpty = ~std::uint64_t{0};  // its value is kMissing

    // 0 if the slot holds the pair or nothing.
    static std::uint64_t misses(std::uint64_t slot, std::uint64_t pair) {
        return std::min(slot >> 24 ^ pair, slot ^ kEmpty);
    }

    static std::uint64_t join(std::uint32_t left, std::uint32_t right) { return std::uint64_t{left} << 20 | right; }

    std::vector<std::uint64_t> slots_;  // and the first one again behind the last one
    std::uint64_t seed_;
    std::size_t mask_;
};

}  // namespace xborder
