// Read-only open-addressing table over keys of one or two 64-bit words: kernel/tables.py, compiled.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "check.hpp"
#include "tables.hpp"

namespace xborder {

#if defined(__GNUC__) || defined(__clang__)
inline void prefetch(const void* address) { __builtin_prefetch(address); }
#else
inline void prefetch(const void*) {}
#endif

// splitmix64 (Steele, Lea, Flood 2014).
inline std::uint64_t mix(std::uint64_t state, std::uint64_t word) {
    state = (state ^ word) * 0xBF58476D1CE4E5B9u;
    state ^= state >> 32;
    state *= 0x94D049BB133111EBu;
    return state ^ (state >> 29);
}

template <int Words>
struct Key {
    std::uint64_t words[Words];
};

inline Key<1> pair_key(std::uint32_t first, std::uint32_t second) {
    return {{static_cast<std::uint64_t>(first) << 32 | second}};
}

template <int Words>
class HashTable {
public:
    // Values index a table of `limit` rows.
    HashTable(const std::string& name, const HashArrays& arrays, std::size_t limit)
        : keys_(arrays.keys.data), seed_(arrays.seed), max_probe_(arrays.max_probe), mask_(arrays.values.size - 1) {
        const std::size_t capacity = arrays.values.size;
        require(capacity > 0 && (capacity & (capacity - 1)) == 0, "the capacity of " + name + " is no power of two");
        require(arrays.keys.size / Words == capacity && arrays.keys.size % Words == 0,
                name + " has other numbers of keys and values");
        require(max_probe_ <= capacity, "the settings of " + name + " are off");
        values_ = checked_indices(name, arrays.values, limit);
    }

    // The slot at which a key's search begins.
    std::size_t home(const Key<Words>& key) const {
        std::uint64_t hash = seed_;
        for (const std::uint64_t word : key.words) hash = mix(hash, word);
        return hash & mask_;
    }

    void fetch(std::size_t slot) const {
        prefetch(&values_[slot]);
        prefetch(keys_ + slot * Words);
    }

    std::int32_t find(const Key<Words>& key) const { return find(key, home(key)); }

    std::int32_t find(const Key<Words>& key, std::size_t slot) const {
        for (std::uint64_t probe = 0; probe < max_probe_; ++probe) {
            const std::int32_t value = values_[slot];
            if (value == kMissing || holds(slot, key)) return value;
            slot = (slot + 1) & mask_;
        }
        return kMissing;
    }

private:
    bool holds(std::size_t slot, const Key<Words>& key) const {
        std::uint64_t difference = 0;
        for (int i = 0; i < Words; ++i) difference |= keys_[slot * Words + i] ^ key.words[i];
        return difference == 0;
    }

    const std::uint64_t* keys_;  // only compared, so they stay where the caller has them
    std::vector<std::int32_t> values_;
    std::uint64_t seed_;
    std::uint64_t max_probe_;
    std::size_t mask_;
};

}  // namespace xborder
