// Any damage to the tables: it is refused, or every text can be read with them; never a stray access.
#include <cstdint>
#include <stdexcept>
#include <string>

#include "fixture.hpp"

namespace {

const std::string kText =
    "Mr. Laos seized drug trafficking in Phnom Penh. The police and the \xe9t\xe9 of memorandum of understanding!\n\n"
    "Human and drug traf-\nficking, U.S. 40kg of 1 drug\xad drug. Police seized the drug";

// A number from the input, zeros behind its end.
class Input {
public:
    Input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

    std::uint64_t take(std::size_t bytes) {
        std::uint64_t value = 0;
        const std::size_t count = bytes < size_ ? bytes : size_;
        std::memcpy(&value, data_, count);
        data_ += count;
        size_ -= count;
        return value;
    }
    bool empty() const { return size_ == 0; }

private:
    const std::uint8_t* data_;
    std::size_t size_;
};

// Copies of arrays of the fixture with items overwritten or ends cut off.
template <class T>
void damage(Input& input, xborder::Span<T>& array, std::vector<std::vector<std::uint64_t>>& memory) {
    memory.emplace_back(array.size * sizeof(T) / 8 + 1);
    T* copy = reinterpret_cast<T*>(memory.back().data());
    std::memcpy(copy, array.data, array.size * sizeof(T));
    if (input.take(1) % 8 == 0) array.size -= input.take(2) % (array.size + 1);
    if (array.size > 0) {
        const std::uint64_t value = input.take(sizeof(T));
        std::memcpy(&copy[input.take(4) % array.size], &value, sizeof(T));
    }
    array.data = copy;
}

// Any bits: a number may be negative, huge or none.
void damage(Input& input, double& number) {
    const std::uint64_t bits = input.take(8);
    std::memcpy(&number, &bits, sizeof number);
}

void damage_any(Input& input, xborder::Arrays& arrays, std::vector<std::vector<std::uint64_t>>& memory) {
    xborder::VocabularyArrays& words = arrays.vocabulary;
    xborder::PlaceArrays* const places[] = {&words.words.places, &words.term_steps.places, &words.bigrams.places};
    xborder::Span<std::uint64_t>* const slots[] = {&words.words.slots, &words.term_steps.slots, &words.bigrams.slots};
    xborder::Span<std::int32_t>* const ids[] = {&words.term_starts, &words.node_names, &words.node_terms,
                                                &words.unigrams};
    double* const units[] = {&arrays.linear.units.boilerplate, &arrays.linear.units.square,
                             &arrays.linear.units.weight};
    switch (const std::uint64_t choice = input.take(1) % 24; choice) {
        case 0: return damage(input, arrays.characters.pages, memory);
        case 1: return damage(input, arrays.characters.entries, memory);
        case 2: return damage(input, arrays.characters.pool, memory);
        case 3: case 4: case 5: return damage(input, *slots[choice - 3], memory);
        case 6: case 7: case 8: return damage(input, places[choice - 6]->factors, memory);
        case 9: case 10: case 11: case 12: return damage(input, *ids[choice - 9], memory);
        case 13: return damage(input, words.abbreviations, memory);
        case 14: case 15: return damage(input, *units[input.take(1) % 3]);
        case 16: return damage(input, arrays.linear.rows, memory);
        case 17: return damage(input, arrays.linear.bias, memory);
        case 18: places[input.take(1) % 3]->seed = input.take(8); return;
        case 19: return damage(input, arrays.pooling.mix, memory);
        case 20: return damage(input, arrays.pooling.intercept, memory);
        case 21: arrays.pooling.size = static_cast<std::int64_t>(input.take(8)); return;
        case 22: words.longest_term = static_cast<std::int64_t>(input.take(8)); return;
        default: arrays.common = static_cast<std::int64_t>(input.take(8));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Fixture* const fixture = new Fixture("XBORDER_FUZZ_SMALL");
    static const xborder::Arrays whole = fixture->arrays();
    Input input(data, size);
    xborder::Arrays arrays = whole;
    std::vector<std::vector<std::uint64_t>> memory;
    for (int count = 0; count < 8 && !input.empty(); ++count) damage_any(input, arrays, memory);
    try {
        xborder::Kernel kernel(arrays);
        const std::vector<std::uint8_t> text(kText.begin(), kText.end());
        score(kernel, text);
        expect_in_order(explain(kernel, text), text.size());
        score(kernel, std::vector<std::uint16_t>{0x0E01, 0x0E31, 0xD800, 'a', 0x301, '.', ' ', 0x2029, 'B', 0xFB01});
    } catch (const std::invalid_argument&) {
    }
    return 0;
}
