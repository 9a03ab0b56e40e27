// The loops of reading.hpp, for the processor that the file including this is compiled for.

#include "reading.hpp"

#if defined(XBORDER_AVX512)
#include "blocks_avx512.inl"
#else
#include "blocks.hpp"
#endif

namespace xborder {
namespace {

inline void mark(Block& block, unsigned place, unsigned kind) {
    block.letters |= std::uint64_t{is_letter(kind)} << place;
    block.digits |= std::uint64_t{kind == kDigit} << place;
    block.marks |= std::uint64_t{is_mark(kind)} << place;
}

// Of the kBlock characters at `text`, the first `count` belong to the text; the others are zero.
template <class Char>
inline void judge_block(const Char* text, std::size_t count, const Characters& characters, Block& block,
                        std::uint8_t* lower) {
    block = classify(text, lower);
    if (!characters.plain_ascii()) {
        block = {0, 0, 0, low_bits(count)};
        for (std::size_t place = 0; place < kBlock; ++place) lower[place] = 0xFF;
    }
    for (std::uint64_t rest = block.foreign; rest != 0; rest &= rest - 1) {
        const unsigned place = lowest_bit(rest);
        mark(block, place, characters.kind(text[place]));
    }
}

template <class Char>
inline void judge_chunk(const Char* text, const Characters& characters, Chunk& chunk) {
    Block* block = chunk.blocks;
    std::uint8_t* lower = chunk.lower;
    std::size_t place = chunk.begin;
    for (; place + kBlock <= chunk.end; place += kBlock, ++block, lower += kBlock)
        judge_block(text + place, kBlock, characters, *block, lower);
    if (place == chunk.end) return;
    Char padded[kBlock] = {};
    for (std::size_t i = 0; place + i < chunk.end; ++i) padded[i] = text[place + i];
    judge_block(padded, chunk.end - place, characters, *block, lower);
}

// Runs begin and end where characters change their class.
struct Edges {
    std::uint64_t begins, ends;

    Edges(std::uint64_t here, std::uint64_t before) {
        const std::uint64_t edges = here ^ (here << 1 | before);
        begins = edges & here;
        ends = edges & ~here;
    }
};

inline void list_runs(const Chunk& chunk, bool marked, Runs& runs) {
    std::size_t n_begins = 0, n_ends = 0, n_marks = 0;
    std::uint64_t letters_before = 0, digits_before = 0;
    auto base = static_cast<std::uint32_t>(chunk.begin);
    for (const Block *block = chunk.blocks, *const end = block + chunk.n_blocks(); block != end; ++block) {
        const Edges letters(block->letters, letters_before), digits(block->digits, digits_before);
        const std::uint64_t begins = letters.begins | digits.begins;
        n_begins = list(begins, base, runs.begins, n_begins);
        n_ends = list(letters.ends | digits.ends, base, runs.ends, n_ends);

        // Adding a mark to the gap it stands in carries a bit over to the beginning of the run behind it.
        const std::uint64_t gaps = ~(block->letters | block->digits), carried = gaps + block->marks;
        const std::uint64_t pending = carried + (std::uint64_t{marked} & ~(letters_before | digits_before));
        n_marks = list(pending & begins, base, runs.marks, n_marks);
        marked = carried < gaps || pending < carried;
        letters_before = block->letters >> 63;
        digits_before = block->digits >> 63;
        base += kBlock;
    }
    runs.begins[n_begins] = Runs::kNowhere;
    runs.marks[n_marks] = runs.begins[n_ends];
    runs.n_begins = n_begins;
    runs.n_ends = n_ends;
    runs.n_marks = n_marks;
    runs.marked_behind = marked;
}

void judge(const Text& text, std::size_t begin, const Characters& characters, bool marked, Chunk& chunk, Runs& runs) {
    const std::size_t left = text.length - begin;
    chunk.begin = begin;
    chunk.end = begin + (left < Chunk::kCharacters ? left : Chunk::kCharacters);
    switch (text.width) {
        case 1: judge_chunk(static_cast<const std::uint8_t*>(text.data), characters, chunk); break;
        case 2: judge_chunk(static_cast<const std::uint16_t*>(text.data), characters, chunk); break;
        default: judge_chunk(static_cast<const std::uint32_t*>(text.data), characters, chunk);
    }
    list_runs(chunk, marked, runs);
}

// The first bytes of most words, as they stand in the chunk, are their key.
std::size_t spell(const Chunk& chunk, const Runs& runs, std::uint32_t mark, std::size_t number, const WordTable& table,
                  Stretch& stretch) {
    const WordTable words = table;
    const std::uint8_t* const lower = chunk.lower;
    const std::uint32_t *const begins = runs.begins, *const ends = runs.ends;
    const auto base = static_cast<std::uint32_t>(chunk.begin);
    Token* const first = stretch.tokens.data();
    Token* token = first + stretch.n_tokens;
    for (; begins[number] != mark; ++number) {
        const std::uint32_t begin = begins[number], end = ends[number], size = end - begin;
        const Bytes bytes = first_bytes(lower + (begin - base), size < 16 ? size : 16);
        if (high_bits(bytes) != 0) break;
        token->word = words.place({low_half(bytes), high_half(bytes)});
        token->begin = begin;
        token->end = end;
        token += size > 1;  // a single letter is none
    }
    stretch.n_tokens = static_cast<std::size_t>(token - first);
    return number;
}

}  // namespace
}  // namespace xborder
