// From characters to tokens and sentence ends: text/tokens.py and text/sentences.py, compiled.
//
// A run is a stretch of letters or of digits. Nearly every one is a token: only a gap that holds a mark can join two of
// them, or end a sentence.
#pragma once

#include <cstdint>

#include "characters.hpp"
#include "gaps.hpp"
#include "reading.hpp"
#include "stretch.hpp"
#include "texts.hpp"
#include "vocabulary.hpp"

namespace xborder {

// Takes the sentences of a text, many at a time.
class Reader {
public:
    virtual void take(Stretch& stretch) = 0;

protected:
    ~Reader() = default;
};

class Lexer {
public:
    Lexer(const Characters& characters, const Vocabulary& vocabulary)
        : characters_(characters), vocabulary_(vocabulary), reading_(best_reading()) {}

    void read(const Text& text, Reader& reader);

    // Tokens of the last text that are numbers.
    std::int64_t numbers() const { return n_numbers_; }

private:
    static constexpr std::size_t kStretch = Chunk::kCharacters / 2;  // tokens after which sentences are handed on

    std::size_t read_chunk(const Text& text, Reader& reader);
    void read_runs(const Text& text, std::size_t& number, std::uint32_t mark);
    std::size_t read_cut_run(std::size_t begin, const Text& text, Reader& reader);
    bool join(const Run& run, const Text& text, Reader& reader);
    bool read_gap(const Text& text, const Run& next, Reader& reader);
    void end_sentence(Break found, std::size_t next, bool kept, Reader& reader);
    void add(const Text& text, const Run& run);
    bool spell(const Text& text, const Run& run, WordKey& key) const;

    const Characters& characters_;
    const Vocabulary& vocabulary_;
    ReadingVariant reading_;
    Chunk chunk_;
    Runs runs_;
    Stretch stretch_;

    bool marked_ = false;  // a mark stands in the gap before the next chunk
    Run last_;             // the last run
    Run joined_;           // the last token that was joined of several
    std::int64_t n_numbers_ = 0;
};

}  // namespace xborder
