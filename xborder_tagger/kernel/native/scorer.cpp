#include "scorer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace xborder {
namespace {

constexpr std::size_t kLongestText = 0xFFFFFF00;
constexpr std::size_t kAhead = 12;  // features that are fetched before they are needed

double scale(double squares) { return squares > 0 ? 1 / std::sqrt(squares) : 0; }

}  // namespace

void Scorer::Sums::clear() {
    std::fill(tags.begin(), tags.end(), 0.0);
    squares = 0;
}

Scorer::Scorer(const Characters& characters, const Vocabulary& vocabulary, const Weights& weights)
    : characters_(characters), vocabulary_(vocabulary), weights_(weights),
      features_(weights.features() + kNoFeatures),
      in_document_(weights.features() + 1),  // one more: a feature is written before it is known to be new
      terms_(weights.features()),
      highest_(weights.tags()) {
    for (std::uint32_t id = 0; id < weights.features(); ++id) features_[id + kNoFeatures].idf = weights.idf(id);
    sentence_sums_.tags.resize(weights.rows().stride());
    document_sums_.tags.resize(weights.rows().stride());
}

void Scorer::score(const Text& text, const Result& result) {
    // So that no count or place of 32 bits can overflow.
    if (text.length > kLongestText) throw std::length_error("a text of about 2**32 characters or more");
    begin_document();
    switch (text.width) {
        case 1: read<std::uint8_t>(text); break;
        case 2: read<std::uint16_t>(text); break;
        default: read<std::uint32_t>(text);
    }
    finish(result);
}

void Scorer::begin_document() {
    waiting_ = 0;
    n_words_ = 0;
    tally_ = Tally();
    last_flags_ = 0;
    sentence_begin_ = 0;
    empty_ = true;
    passage_.clear();
    forget_counts();
    document_sums_.clear();
    std::fill(highest_.begin(), highest_.end(), -std::numeric_limits<double>::infinity());
}

template <class Char>
void Scorer::read(const Text& text) {
    Lexer<Char, Scorer>(static_cast<const Char*>(text.data), text.length, characters_, *this).read();
    take_window();
    take_end();
    score_passage();
}

void Scorer::take_window() {
    for (const Event *event = window_, *end = window_ + waiting_; event != end; ++event) {
        if (event->kind == Event::kWord) {
            const Word& word = vocabulary_.words().find(event->key, event->home);
            last_flags_ = word.flags;
            tally_.add(last_flags_);
            ++n_words_;
            passage_.add(word);
        } else {
            take_other(*event);
        }
    }
    waiting_ = 0;
}

void Scorer::take_other(const Event& event) {
    if (event.kind == Event::kNumber) {
        const Word& number = vocabulary_.number();
        last_flags_ = number.flags;
        passage_.add(number);
    } else if (event.kind == Event::kEnd || (last_flags_ & kAbbreviation) == 0) {
        take_end();
    }
}

// Sentences without a token do not count.
void Scorer::take_end() {
    if (passage_.n_words == sentence_begin_) return;
    empty_ = false;
    passage_.add(Vocabulary::end_of_sentence());
    if (passage_.n_words >= kPassage) score_passage();
    sentence_begin_ = passage_.n_words;
}

void Scorer::score_passage() {
    vocabulary_.find_features(passage_);
    for (std::size_t place = 0; place < passage_.n_features;) {
        place = list_terms(place);
        score_sentence();
    }
    passage_.clear();
}

// The terms of the sentence whose features begin at `place`; returns where the next one begins. Nearly all features
// stand in a sentence once; the few others are counted again.
std::size_t Scorer::list_terms(std::size_t place) {
    const RowFetcher rows = weights_.rows().fetcher();
    const std::int32_t* next = passage_.features.data() + place;
    Term* const terms = terms_.data();
    std::uint32_t n_terms = 0;
    Feature* const features = features_.data() + kNoFeatures;
    std::uint32_t* in_document = in_document_.data() + n_in_document_;
    double sentence_squares = 0, document_squares = 0;
    for (; *next != Passage::kEndOfSentence; ++next) {
        prefetch(features + next[kAhead]);
        const std::uint32_t id = static_cast<std::uint32_t>(*next);
        rows.fetch(id);
        Feature& feature = features[id];
        const double idf = feature.idf, square = idf * idf;
        const Damping damping = weights_.damping(feature.count);
        *in_document = id;
        in_document += feature.count++ == 0;
        document_squares += damping.square_step * square;
        if (terms[feature.term].feature == id && feature.term < n_terms) {
            sentence_squares += count_again(terms[feature.term], damping.step, idf);
            continue;
        }
        sentence_squares += square;
        terms[n_terms] = {id, 1, idf, damping.step * idf};
        feature.term = n_terms++;
    }
    n_terms_ = n_terms;
    n_in_document_ = static_cast<std::size_t>(in_document - in_document_.data());
    sentence_sums_.squares = sentence_squares;
    document_sums_.squares += document_squares;
    return static_cast<std::size_t>(next - passage_.features.data()) + 1;
}

// Returns by how much the square of the term's value in the sentence grows.
double Scorer::count_again(Term& term, double document_step, double idf) {
    const Damping sentence = weights_.damping(term.count++);
    term.sentence += sentence.step * idf;
    term.document += document_step * idf;
    return sentence.square_step * (idf * idf);
}

void Scorer::score_sentence() {
    std::fill(sentence_sums_.tags.begin(), sentence_sums_.tags.end(), 0.0);
    weights_.rows().add({terms_.data(), n_terms_}, sentence_sums_.tags.data(), document_sums_.tags.data());
    const double factor = scale(sentence_sums_.squares);
    for (std::size_t tag = 0; tag < highest_.size(); ++tag)
        highest_[tag] = std::max(highest_[tag], weights_.bias(tag) + sentence_sums_.tags[tag] * factor);
}

void Scorer::finish(const Result& result) const {
    const double factor = scale(document_sums_.squares);
    for (std::size_t tag = 0; tag < highest_.size(); ++tag) {
        result.document[tag] = weights_.bias(tag) + document_sums_.tags[tag] * factor;
        result.sentence[tag] = empty_ ? weights_.bias(tag) : highest_[tag];
    }
    *result.words = n_words_;
    *result.known = tally_.known();
    *result.common = tally_.common();
}

void Scorer::forget_counts() {
    for (std::size_t i = 0; i < n_in_document_; ++i) features_[in_document_[i] + kNoFeatures].count = 0;
    n_in_document_ = 0;
}

}  // namespace xborder
