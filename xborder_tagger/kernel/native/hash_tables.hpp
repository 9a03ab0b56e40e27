// Hash tables in which every key has one place: kernel/tables.py, compiled. A look-up reads one slot, where the table
// lies in the model file; whether it holds the key is the only question left.
#pragma once

#include <cstdint>

#include "portable.hpp"
#include "tables.hpp"

namespace xborder {

static_assert(kMissing == -1, "all bits are set in it");

// To be or-ed to a number: whether something is found is a coin toss, and a branch would be mispredicted.
inline std::int32_t missing_if(bool missing) { return -static_cast<std::int32_t>(missing); }

// A key as it is looked up: its second hash, and where to look.
struct Spot {
    std::uint64_t hash;
    std::size_t slot;
};

// Where keys lie among slots.
class Places {
public:
    Places(const PlaceArrays& arrays, std::size_t capacity)
        : factors_(arrays.factors.data), bucket_shift_(64 - lowest_bit(arrays.factors.size)), capacity_(capacity),
          seed_(arrays.seed) {}

    // The constant is one of splitmix64 (Steele, Lea, Flood 2014).
    Spot of(std::uint64_t mixed) const {
        const std::uint64_t factor = factors_[mixed * 0xBF58476D1CE4E5B9u >> bucket_shift_], hash = mixed * seed_;
        return {hash, (hash * factor >> 32) * capacity_ >> 32};
    }

private:
    const std::uint16_t* factors_;
    unsigned bucket_shift_;
    std::size_t capacity_;
    std::uint64_t seed_;
};

// A slot is one integer: 40 bits that tell its key from others, and a number of 24 bits with a sign.
constexpr unsigned kValueBits = 24;
constexpr std::size_t kMostValues = std::size_t{1} << (kValueBits - 1);

// In an empty slot it is kMissing.
inline std::int32_t value_of(std::uint64_t slot) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(slot) << 8) >> 8;
}

// The value of a slot if it holds the key that is looked for, whose first 40 bits are `key`'s.
inline std::int32_t value_if(std::uint64_t slot, std::uint64_t key) {
    return value_of(slot) | missing_if((slot ^ key) >> kValueBits != 0);
}

// The first 16 bytes of a word's normalised UTF-8.
struct WordKey {
    std::uint64_t low, high;
};

// A word as it is looked up.
struct Word {
    std::uint64_t hash;
    const std::uint64_t* slot;

    // Its unit.
    std::int32_t find() const { return value_if(*slot, hash); }
};

// Words are told apart by 40 bits of their hash. Whole keys would be three times as large, and a text 5% slower.
class WordTable {
public:
    explicit WordTable(const TableArrays& arrays)
        : slots_(arrays.slots.data), places_(arrays.places, arrays.slots.size) {}

    // The only slot that can hold a key. It is sent for: look into it later.
    Word place(const WordKey& key) const {
        const Spot spot = places_.of(key.low + key.high * 0x94D049BB133111EBu);
        const std::uint64_t* const slot = slots_ + spot.slot;
        prefetch(slot);
        return {spot.hash, slot};
    }

private:
    const std::uint64_t* slots_;
    Places places_;
};

// From pairs of small numbers, of 20 bits each, to small numbers.
class PairTable {
public:
    static constexpr std::size_t kKeys = std::size_t{1} << 20;
    static constexpr std::uint64_t kNoPair = ~std::uint64_t{0};  // finds nothing

    explicit PairTable(const TableArrays& arrays)
        : slots_(arrays.slots.data), places_(arrays.places, arrays.slots.size) {}

    // A slot taken apart.
    static std::size_t first(std::uint64_t slot) { return slot >> 44; }
    static std::size_t second(std::uint64_t slot) { return slot >> kValueBits & (kKeys - 1); }

    // A pair with kMissing has bits that no pair in a table has.
    static std::uint64_t join(std::int32_t first, std::int32_t second) {
        return std::uint64_t{static_cast<std::uint32_t>(first)} << 20 | static_cast<std::uint32_t>(second);
    }

    // The only slot that can hold a pair.
    const std::uint64_t* place(std::uint64_t pair) const { return slots_ + places_.of(pair).slot; }

    static std::int32_t find(std::uint64_t pair, std::uint64_t slot) {
        return value_of(slot) | missing_if(slot >> kValueBits != pair);
    }

    std::int32_t find(std::int32_t first, std::int32_t second) const {
        const std::uint64_t pair = join(first, second);
        return find(pair, *place(pair));
    }

private:
    const std::uint64_t* slots_;
    Places places_;
};

}  // namespace xborder
