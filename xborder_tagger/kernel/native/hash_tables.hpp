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

// Where keys lie among slots.
class Places {
public:
    Places(const PlaceArrays& arrays, std::size_t capacity)
        : factors_(arrays.factors.data), bucket_shift_(64 - lowest_bit(arrays.factors.size)), capacity_(capacity),
          seed_(arrays.seed) {}

    // The constants are odd ones of splitmix64 (Steele, Lea, Flood 2014).
    std::size_t of(std::uint64_t first, std::uint64_t second = 0) const {
        const std::uint64_t mixed = first + second * 0x94D049BB133111EBu;
        const std::uint64_t factor = factors_[mixed * 0xBF58476D1CE4E5B9u >> bucket_shift_];
        return (mixed * seed_ * factor >> 32) * capacity_ >> 32;
    }

private:
    const std::uint16_t* factors_;
    unsigned bucket_shift_;
    std::size_t capacity_;
    std::uint64_t seed_;
};

// The first 16 bytes of a word's normalised UTF-8.
struct WordKey {
    std::uint64_t low, high;
};

struct WordSlot {
    WordKey key;
    std::int64_t unit;  // kMissing in an empty slot
};

class WordTable {
public:
    explicit WordTable(const WordArrays& arrays)
        : slots_(reinterpret_cast<const WordSlot*>(arrays.slots.data)), places_(arrays.places, arrays.capacity()) {}

    // The only slot that can hold a key. It is sent for: look into it later.
    const WordSlot* place(const WordKey& key) const {
        const WordSlot* const slot = slots_ + places_.of(key.low, key.high);
        prefetch(slot);
        return slot;
    }

    // The unit of a key.
    static std::int32_t find(const WordKey& key, const WordSlot& slot) {
        const bool miss = ((slot.key.low ^ key.low) | (slot.key.high ^ key.high)) != 0;
        return static_cast<std::int32_t>(slot.unit) | missing_if(miss);
    }

private:
    const WordSlot* slots_;
    Places places_;
};

// From pairs of small numbers to small numbers, each slot one integer: 20 bits, 20 bits, 24 bits with a sign.
class PairTable {
public:
    static constexpr std::size_t kKeys = std::size_t{1} << 20, kValues = std::size_t{1} << 23;
    static constexpr std::uint64_t kNoPair = ~std::uint64_t{0};  // finds nothing

    explicit PairTable(const PairArrays& arrays)
        : slots_(arrays.slots.data), places_(arrays.places, arrays.slots.size) {}

    // A slot taken apart; in an empty one the value is kMissing.
    static std::size_t first(std::uint64_t slot) { return slot >> 44; }
    static std::size_t second(std::uint64_t slot) { return slot >> 24 & (kKeys - 1); }
    static std::int32_t value(std::uint64_t slot) {
        return static_cast<std::int32_t>(static_cast<std::uint32_t>(slot) << 8) >> 8;
    }

    // A pair with kMissing has bits that no pair in a table has.
    static std::uint64_t join(std::int32_t first, std::int32_t second) {
        return std::uint64_t{static_cast<std::uint32_t>(first)} << 20 | static_cast<std::uint32_t>(second);
    }

    // The only slot that can hold a pair.
    const std::uint64_t* place(std::uint64_t pair) const { return slots_ + places_.of(pair); }

    static std::int32_t find(std::uint64_t pair, std::uint64_t slot) {
        return value(slot) | missing_if(slot >> 24 != pair);
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
