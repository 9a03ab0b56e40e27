// From characters to tokens and sentence ends: text/tokens.py and text/sentences.py, compiled.
//
// A run is a stretch of letters or of digits. Nearly every one is a token: only a gap that holds a mark can join two of them, or
// end a sentence.
#pragma once

#include <cstdint>

#include "characters.hpp"
#include "chunk.hpp"
#include "gaps.hpp"
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
    Lexer(const Characters& characters, const Vocabulary& vocabulary) : characters_(characters), vocabulary_(vocabulary) {}

    void read(const Text& text, Reader& reader);

    // Tokens of the last text that are numbers.
    std::int64_t numbers() const { return n_numbers_; }

private:
    static constexpr std::size_t kStretch = 2048;  // tokens after which sentences are handed on

    std::size_t read_chunk(const Text& text, Reader& reader);
    void read_block(const Text& text, std::size_t number, Reader& reader);
    bool read_gap(const Text& text, const Run& next, Reader& reader);
    void add(const Text& text, const Run& run);
    bool spell(const Text& text, const Run& run, WordKey& key) const;

    const Characters& characters_;
    const Vocabulary& vocabulary_;
    Chunk chunk_;
    Stretch stretch_;

    bool open_ = false;        // a run has begun, at begin_
    bool marked_ = false;      // a mark stands in the gap before it
    std::size_t begin_ = 0;
    Run last_;                 // the last run
    Run joined_;               // the last token that was joined of several
    std::int64_t n_numbers_ = 0;
};

}  // namespace xborder
