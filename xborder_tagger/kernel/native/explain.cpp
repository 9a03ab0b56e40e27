#include "explain.hpp"

#include <algorithm>
#include <cmath>

namespace xborder {
namespace {

constexpr double kTie = 1e-9;  // of two that score the same the first one decides, whatever rounding says

template <class Score>
std::size_t first_highest(std::size_t begin, std::size_t end, Score score) {
    double highest = score(begin);
    for (std::size_t i = begin; i < end; ++i) highest = std::max(highest, score(i));
    std::size_t first = begin;
    while (score(first) < highest - kTie) ++first;
    return first;
}

}  // namespace

Analyser::Analyser(const Characters& characters, const Vocabulary& vocabulary)
    : characters_(characters), vocabulary_(vocabulary), lexer_(characters, vocabulary) {}

Sentences Analyser::read(const Text& text, Explanation& explanation) {
    text_ = &text;
    explanation_ = &explanation;
    sentences_ = Sentences();
    sentences_.occurrences.reserve(text.length / 3);  // English has about a quarter as many as characters
    for (auto* places : {&explanation.starts, &explanation.ends}) places->reserve(text.length / 5);
    units_.clear();
    const Run first_run{first_letter(), first_letter()};
    const Breaks before = GapReader(text, characters_).breaks(Run(), first_run.begin);
    begin_ = before.found == Break::kNone ? 0 : static_cast<std::int64_t>(before.last);
    lexer_.read(text, *this);
    explanation.first.push_back(static_cast<std::int64_t>(explanation.starts.size()));
    return std::move(sentences_);
}

// Where the first run begins, or the end of the text.
std::size_t Analyser::first_letter() const {
    std::size_t place = 0;
    for (; place < text_->length; ++place) {
        const unsigned kind = characters_.kind((*text_)[place]);
        if (is_letter(kind) || kind == kDigit) break;
    }
    return place;
}

// A token holds what is dropped behind it, too.
std::size_t Analyser::end_of(const Token& token) const {
    std::size_t end = token.end;
    while (end < text_->length && characters_.kind((*text_)[end]) == kDropped) ++end;
    return end;
}

void Analyser::take(Stretch& stretch) {
    const Token* token = stretch.tokens.data();
    for (const Ending& ending : stretch.endings) {
        for (const Token* const end = stretch.tokens.data() + ending.token; token != end; ++token) {
            units_.push_back(vocabulary_.unit_of(*token));
            explanation_->starts.push_back(token->begin);
            explanation_->ends.push_back(static_cast<std::int64_t>(end_of(*token)));
        }
        if (!ends_here(ending)) continue;
        end_sentence(GapReader(*text_, characters_).breaks(ending.before, ending.next), abbreviated(ending, token));
    }
}

bool Analyser::ends_here(const Ending& ending) const {
    return !ending.unless_abbreviated || units_.empty() || !vocabulary_.abbreviation(units_.back());
}

// Whether an abbreviation stands right before a gap: not if a single letter, which is no token, stands between. `end` is
// behind the tokens so far.
bool Analyser::abbreviated(const Ending& ending, const Token* end) const {
    return !units_.empty() && end[-1].end == ending.before.end && vocabulary_.abbreviation(units_.back());
}

// The text's last sentence ends where no break is; so may one that is empty begin.
void Analyser::end_sentence(const Breaks& breaks, bool abbreviated) {
    const std::int64_t length = static_cast<std::int64_t>(text_->length);
    if (!units_.empty()) {
        const bool ends = breaks.found > (abbreviated ? Break::kUnlessAbbreviated : Break::kNone);
        const std::size_t first = abbreviated ? breaks.first_always : breaks.first;
        const std::size_t n_tokens = explanation_->starts.size(), base = n_tokens - units_.size();
        explanation_->first.push_back(static_cast<std::int64_t>(base));
        explanation_->begins.push_back(begin_);
        explanation_->stops.push_back(ends ? static_cast<std::int64_t>(first) : length);
        const std::size_t size = units_.size();
        units_.push_back(vocabulary_.end_of_sentence());
        vocabulary_.for_each_feature(units_.data(), size, [&](std::size_t feature, std::size_t from, std::size_t to) {
            sentences_.occurrences.push_back({feature, base + from, base + to});
        });
        sentences_.end_sentence();
        units_.clear();
    }
    if (breaks.found != Break::kNone) begin_ = static_cast<std::int64_t>(breaks.last);
}

Explainer::Explainer(const Characters& characters, const Vocabulary& vocabulary, const Linear& linear)
    : linear_(linear), analyser_(characters, vocabulary), counts_(linear.features()) {}

Explanation Explainer::explain(const Text& text, const std::vector<std::size_t>& tags) {
    Explanation explanation;
    keep_all_but_boilerplate(analyser_.read(text, explanation));
    explanation.parts.resize(explanation.starts.size() * tags.size());
    explanation.direct.resize(explanation.parts.size());
    const std::vector<Passage> found = passages();
    if (found.empty()) return explanation;
    for (std::size_t column = 0; column < tags.size(); ++column) {
        const std::size_t tag = tags[column];
        const std::size_t best = first_highest(0, found.size(), [&](std::size_t i) { return found[i].scores[tag]; });
        add_parts(found[best], tag, column, explanation);
    }
    return explanation;
}

void Explainer::keep_all_but_boilerplate(const Sentences& sentences) {
    kept_ = Sentences();
    rows_.clear();
    single_.clear();
    const Occurrence* const occurrences = sentences.occurrences.data();
    for (std::size_t number = 0; number < sentences.size(); ++number) {
        append(occurrences + sentences.begins[number], occurrences + sentences.begins[number + 1]);
        const std::size_t last = kept_.size() - 1, first = kept_.begins[last];
        Vector vector = weigh({last, last + 1});
        if (boilerplate(vector, first)) {
            kept_.occurrences.resize(first);
            kept_.begins.pop_back();
            rows_.resize(first * linear_.tags());
        } else {
            single_.push_back(std::move(vector));
        }
    }
}

// Rows are copied side by side: each is read three times, and where they lie they are far from each other.
void Explainer::append(const Occurrence* begin, const Occurrence* end) {
    kept_.occurrences.insert(kept_.occurrences.end(), begin, end);
    kept_.end_sentence();
    const std::size_t tags = linear_.tags(), first = rows_.size();
    rows_.resize(kept_.occurrences.size() * tags);
    double* out = rows_.data() + first;
    for (const Occurrence* one = begin; one != end; ++one) {
        const std::int16_t* const row = linear_.scale().rows[static_cast<std::int64_t>(one->feature)];
        for (std::size_t tag = 0; tag < tags; ++tag) *out++ = row[kTags + tag] * linear_.scale().units.weight;
    }
}

// Each of a feature's n occurrences has the n-th part of damped(n), and all are scaled to unit length.
Explainer::Vector Explainer::weigh(const Range& range) {
    const std::size_t first = kept_.begins[range.begin];
    const Occurrence* const begin = kept_.occurrences.data() + first;
    const Occurrence* const end = kept_.occurrences.data() + kept_.begins[range.end];
    for (const Occurrence* one = begin; one != end; ++one) ++counts_[one->feature];
    Vector vector;
    vector.shares.resize(static_cast<std::size_t>(end - begin));
    double squares = 0;
    double* share = vector.shares.data();
    for (const Occurrence* one = begin; one != end; ++one) {
        const std::uint32_t count = counts_[one->feature];
        const double damped = linear_.damped(count);
        *share++ = damped / count;
        squares += damped * damped / count * linear_.square(one->feature);
    }
    for (const Occurrence* one = begin; one != end; ++one) counts_[one->feature] = 0;
    const double factor = squares > 0 ? 1 / std::sqrt(squares) : 0;
    for (double& weighed : vector.shares) weighed *= factor;
    vector.margins = margins(vector.shares, first);
    return vector;
}

std::vector<double> Explainer::margins(const std::vector<double>& shares, std::size_t first) const {
    const Scale& scale = linear_.scale();
    std::vector<double> margins(scale.bias, scale.bias + scale.tags);
    const double* row = rows_.data() + first * scale.tags;
    for (const double share : shares)
        for (double& margin : margins) margin += share * *row++;
    return margins;
}

bool Explainer::boilerplate(const Vector& vector, std::size_t first) const {
    const Scale& scale = linear_.scale();
    const Occurrence* one = kept_.occurrences.data() + first;
    double margin = scale.boilerplate_bias;
    for (const double share : vector.shares)
        margin += share * linear_.boilerplate((one++)->feature);
    return margin > 0;
}

// See text/passages.py.
std::vector<Explainer::Passage> Explainer::passages() {
    const std::size_t n = kept_.size(), half = linear_.half();
    std::vector<Passage> found;
    for (std::size_t begin = 0; begin < n && (begin == 0 || begin + half < n); begin += half)
        found.push_back(passage({begin, std::min(begin + 2 * half, n)}));
    return found;
}

Explainer::Passage Explainer::passage(const Range& sentences) {
    Passage passage{sentences, weigh(sentences), {}, {}};
    std::vector<double> highest;
    for (std::size_t tag = 0; tag < linear_.tags(); ++tag) {
        const auto margin = [&](std::size_t sentence) { return single_[sentence].margins[tag]; };
        passage.best.push_back(first_highest(sentences.begin, sentences.end, margin));
        highest.push_back(margin(passage.best.back()));
    }
    passage.scores = pool(passage.whole.margins, highest);
    return passage;
}

std::vector<double> Explainer::pool(const std::vector<double>& passage, const std::vector<double>& sentence) const {
    const Scale& scale = linear_.scale();
    std::vector<double> scores(scale.intercept, scale.intercept + scale.tags);
    for (std::size_t margin = 0; margin < scale.tags; ++margin)
        for (std::size_t tag = 0; tag < scale.tags; ++tag)
            scores[tag] += passage[margin] * linear_.of_passage(margin, tag) +
                           sentence[margin] * linear_.of_sentence(margin, tag);
    return scores;
}

// What the tokens of a passage add to the score of a tag that it decides: in equal parts to those of an occurrence.
void Explainer::add_parts(const Passage& passage, std::size_t tag, std::size_t column, Explanation& explanation) const {
    const std::size_t n_tokens = explanation.starts.size();
    const double* whole = passage.whole.shares.data();
    for (std::size_t sentence = passage.sentences.begin; sentence < passage.sentences.end; ++sentence) {
        const double* single = single_[sentence].shares.data();
        for (std::size_t place = kept_.begins[sentence]; place < kept_.begins[sentence + 1]; ++place) {
            const Occurrence& one = kept_.occurrences[place];
            const double* const row = rows_.data() + place * linear_.tags();
            double of_whole = 0, of_single = 0;
            for (std::size_t margin = 0; margin < passage.best.size(); ++margin) {
                of_whole += row[margin] * linear_.of_passage(margin, tag);
                if (passage.best[margin] == sentence) of_single += row[margin] * linear_.of_sentence(margin, tag);
            }
            const double length = static_cast<double>(one.last - one.first + 1);
            const double part = (*whole * of_whole + *single++ * of_single) / length;
            const double direct = *whole++ * row[tag] / length;
            for (std::size_t token = one.first; token <= one.last; ++token) {
                explanation.parts[column * n_tokens + token] += part;
                explanation.direct[column * n_tokens + token] += direct;
            }
        }
    }
}

}  // namespace xborder
