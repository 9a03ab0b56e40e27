#include "rows.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "portable.hpp"

// On x86-64 the sums are compiled a second time for AVX2, and the processor is asked once, when a kernel is built.
#if (defined(__GNUC__) || defined(__clang__)) && defined(__x86_64__)
#include <immintrin.h>
#define XBORDER_AVX2 __attribute__((target("avx2,fma")))
#endif

namespace xborder {
namespace {

using AddRows = void (*)(Terms, const Piece<float>*, std::size_t, double*, double*, double*);

bool fit_single(Span<double> numbers) {
    return std::all_of(numbers.begin(), numbers.end(), [](double number) {
        return std::fabs(number) < 1e38 && static_cast<double>(static_cast<float>(number)) == number;
    });
}

template <class Number>
std::vector<Piece<Number>> cut_rows(Span<double> weights, std::size_t columns, std::size_t tags, std::size_t pieces) {
    std::vector<Piece<Number>> rows(weights.size / columns * pieces, Piece<Number>{});
    for (std::size_t feature = 0; feature < weights.size / columns; ++feature)
        for (std::size_t tag = 0; tag < tags; ++tag)
            rows[feature * pieces + tag / kLanes].at[tag % kLanes] =
                static_cast<Number>(weights[feature * columns + tag]);
    return rows;
}

// Two doubles: a register of SSE2 and of NEON. GCC does not find the vectors in plain loops.
#if defined(__GNUC__) || defined(__clang__)
typedef double Pair __attribute__((vector_size(16)));
#else
struct Pair {
    double a, b;
    Pair& operator+=(const Pair& other) { return *this = {a + other.a, b + other.b}; }
    double operator[](int i) const { return i == 0 ? a : b; }
};

Pair operator*(double factor, const Pair& pair) { return {factor * pair.a, factor * pair.b}; }
#endif

template <class Number>
XBORDER_INLINE Pair pair(const Number* at) {
    return Pair{static_cast<double>(at[0]), static_cast<double>(at[1])};
}

template <class Number>
void add_rows(Terms terms, const Piece<Number>* rows, std::size_t pieces, double* sentence, double* first,
              double* second) {
    constexpr std::size_t kPairs = kLanes / 2;
    for (std::size_t piece = 0; piece < pieces; ++piece) {
        Pair in_sentence[kPairs] = {}, in_first[kPairs] = {}, in_second[kPairs] = {};
        for (const Term* term = terms.data; term != terms.data + terms.size; ++term) {
            const Number* weights = rows[term->feature * pieces + piece].at;
            for (std::size_t i = 0; i < kPairs; ++i) {
                const Pair two = pair(weights + 2 * i);
                in_sentence[i] += term->value * two;
                in_first[i] += term->gains[0] * two;
                in_second[i] += term->gains[1] * two;
            }
        }
        for (std::size_t tag = 0; tag < kLanes; ++tag) {
            sentence[piece * kLanes + tag] += in_sentence[tag / 2][tag % 2];
            first[piece * kLanes + tag] += in_first[tag / 2][tag % 2];
            second[piece * kLanes + tag] += in_second[tag / 2][tag % 2];
        }
    }
}

#if defined(XBORDER_AVX2)
XBORDER_AVX2 void add_to(double* sums, __m256d low, __m256d high) {
    _mm256_storeu_pd(sums, _mm256_add_pd(_mm256_loadu_pd(sums), low));
    _mm256_storeu_pd(sums + 4, _mm256_add_pd(_mm256_loadu_pd(sums + 4), high));
}

XBORDER_AVX2 void add_rows_avx2(Terms terms, const Piece<float>* rows, std::size_t pieces, double* sentence,
                                double* first, double* second) {
    for (std::size_t piece = 0; piece < pieces; ++piece) {
        const __m256d zero = _mm256_setzero_pd();
        __m256d sentence_low = zero, sentence_high = zero, first_low = zero, first_high = zero;
        __m256d second_low = zero, second_high = zero;
        for (const Term* term = terms.data; term != terms.data + terms.size; ++term) {
            const float* weights = rows[term->feature * pieces + piece].at;
            const __m256d low = _mm256_cvtps_pd(_mm_load_ps(weights)), high = _mm256_cvtps_pd(_mm_load_ps(weights + 4));
            const __m256d here = _mm256_set1_pd(term->value);
            const __m256d one = _mm256_set1_pd(term->gains[0]), other = _mm256_set1_pd(term->gains[1]);
            sentence_low = _mm256_fmadd_pd(here, low, sentence_low);
            sentence_high = _mm256_fmadd_pd(here, high, sentence_high);
            first_low = _mm256_fmadd_pd(one, low, first_low);
            first_high = _mm256_fmadd_pd(one, high, first_high);
            second_low = _mm256_fmadd_pd(other, low, second_low);
            second_high = _mm256_fmadd_pd(other, high, second_high);
        }
        add_to(sentence + piece * kLanes, sentence_low, sentence_high);
        add_to(first + piece * kLanes, first_low, first_high);
        add_to(second + piece * kLanes, second_low, second_high);
    }
}

AddRows best_add_rows() {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? add_rows_avx2 : add_rows<float>;
}
#else
AddRows best_add_rows() { return add_rows<float>; }
#endif

}  // namespace

Rows::Rows(Span<double> weights, std::size_t columns, std::size_t tags)
    : pieces_((tags + kLanes - 1) / kLanes), add_single_(best_add_rows()) {
    if (fit_single(weights)) {
        single_ = cut_rows<float>(weights, columns, tags, pieces_);
        fetcher_ = RowFetcher(single_.data(), pieces_ * sizeof(Piece<float>));
    } else {
        double_ = cut_rows<double>(weights, columns, tags, pieces_);
        fetcher_ = RowFetcher(double_.data(), pieces_ * sizeof(Piece<double>));
    }
}

void Rows::add(Terms terms, double* sentence, double* first, double* second) const {
    if (double_.empty())
        add_single_(terms, single_.data(), pieces_, sentence, first, second);
    else
        add_rows(terms, double_.data(), pieces_, sentence, first, second);
}

}  // namespace xborder
