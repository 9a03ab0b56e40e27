// The tables of a model as Python hands them over: tuples of buffers and numbers, in the order of kernel/native_kernel.py.
#pragma once

#include "objects.hpp"

namespace xborder::python {

inline CharacterArrays parse_characters(Buffers& held, PyObject* tuple) {
    PyObject *pages, *entries, *pool;
    if (!PyArg_ParseTuple(tuple, "OOO:characters", &pages, &entries, &pool)) throw PythonError();
    return {hold<std::uint16_t>(held, pages), hold<std::uint32_t>(held, entries), hold<std::uint8_t>(held, pool)};
}

inline std::uint64_t parse_unsigned(PyObject* number) {
    const unsigned long long value = PyLong_AsUnsignedLongLong(number);
    if (PyErr_Occurred()) throw PythonError();
    return value;
}

// Slots, factors, seed.
inline TableArrays parse_table(Buffers& held, PyObject* tuple) {
    PyObject *slots, *factors, *seed;
    if (!PyArg_ParseTuple(tuple, "OOO:table", &slots, &factors, &seed)) throw PythonError();
    return {hold<std::uint64_t>(held, slots), {hold<std::uint16_t>(held, factors), parse_unsigned(seed)}};
}

inline VocabularyArrays parse_vocabulary(Buffers& held, PyObject* tuple) {
    PyObject *words, *steps, *bigrams, *abbreviations, *starts, *names, *terms, *unigrams;
    long long longest;
    if (!PyArg_ParseTuple(tuple, "O!O!O!OOOOOL:vocabulary", &PyTuple_Type, &words, &PyTuple_Type, &steps,
                          &PyTuple_Type, &bigrams, &abbreviations, &starts, &names, &terms, &unigrams, &longest))
        throw PythonError();
    VocabularyArrays arrays;
    arrays.words = parse_table(held, words);
    arrays.term_steps = parse_table(held, steps);
    arrays.bigrams = parse_table(held, bigrams);
    arrays.abbreviations = hold<std::uint8_t>(held, abbreviations);
    arrays.term_starts = hold<std::int32_t>(held, starts);
    arrays.node_names = hold<std::int32_t>(held, names);
    arrays.node_terms = hold<std::int32_t>(held, terms);
    arrays.unigrams = hold<std::int32_t>(held, unigrams);
    arrays.longest_term = longest;
    return arrays;
}

inline LinearArrays parse_linear(Buffers& held, PyObject* tuple) {
    PyObject *rows, *bias;
    Units units;
    if (!PyArg_ParseTuple(tuple, "O(ddd)O:linear", &rows, &units.boilerplate, &units.square, &units.weight, &bias))
        throw PythonError();
    return {hold<std::int16_t>(held, rows), units, hold<double>(held, bias)};
}

inline PoolingArrays parse_pooling(Buffers& held, PyObject* tuple) {
    PyObject *mix, *intercept;
    long long size;
    if (!PyArg_ParseTuple(tuple, "OOL:pooling", &mix, &intercept, &size)) throw PythonError();
    return {hold<double>(held, mix), hold<double>(held, intercept), size};
}

inline DecisionArrays parse_decision(Buffers& held, PyObject* tuple) {
    PyObject *thresholds, *review;
    double known_words, common_share;
    if (!PyArg_ParseTuple(tuple, "OOdd:decision", &thresholds, &review, &known_words, &common_share)) throw PythonError();
    return {hold<double>(held, thresholds), hold<double>(held, review), known_words, common_share};
}

}  // namespace xborder::python
