// The Python side of the kernel. Strings are read where they lie, with references held and the GIL released.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <cstring>
#include <deque>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernel.hpp"
#include "utf32.hpp"
#include "utf8.hpp"

namespace {

struct PythonError {};  // the Python exception is set already

struct Release {
    void operator()(PyObject* object) const { Py_XDECREF(object); }
};
using Reference = std::unique_ptr<PyObject, Release>;

Reference owned(PyObject* object) {
    if (object == nullptr) throw PythonError();
    return Reference(object);
}

// Format letters of the buffer protocol that mean T; which of them NumPy gives depends on the platform.
template <class T> constexpr const char* kFormats = nullptr;
template <> constexpr const char* kFormats<std::uint8_t> = "B?";
template <> constexpr const char* kFormats<std::uint16_t> = "H";
template <> constexpr const char* kFormats<std::uint32_t> = "IL";
template <> constexpr const char* kFormats<std::uint64_t> = "QL";
template <> constexpr const char* kFormats<std::int32_t> = "il";
template <> constexpr const char* kFormats<std::int64_t> = "ql";
template <> constexpr const char* kFormats<double> = "d";

// A contiguous array, held for as long as this lives.
class Buffer {
public:
    Buffer(PyObject* object, int flags) {
        if (PyObject_GetBuffer(object, &view_, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT | flags) != 0) throw PythonError();
    }
    ~Buffer() { PyBuffer_Release(&view_); }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;

    template <class T>
    T* data() const {
        const char* format = view_.format == nullptr ? "B" : view_.format;
        const bool fits = view_.itemsize == sizeof(T) && std::strlen(format) == 1 && std::strchr(kFormats<T>, *format);
        if (!fits) throw std::invalid_argument(std::string("an array has items of format ") + format);
        if (reinterpret_cast<std::uintptr_t>(view_.buf) % alignof(T) != 0)
            throw std::invalid_argument("an array is not aligned");
        return static_cast<T*>(view_.buf);
    }

    std::size_t item_size() const { return static_cast<std::size_t>(view_.itemsize); }
    std::size_t size() const { return static_cast<std::size_t>(view_.len / (view_.itemsize ? view_.itemsize : 1)); }

private:
    Py_buffer view_;
};

using Buffers = std::deque<Buffer>;  // does not move what it holds

template <class T>
xborder::Span<T> hold(Buffers& buffers, PyObject* object) {
    const Buffer& buffer = buffers.emplace_back(object, 0);
    return {buffer.data<T>(), buffer.size()};
}

struct KernelObject {
    PyObject_HEAD
    xborder::Kernel* kernel;
};

// Run a body that may throw; turn what it throws into a Python exception.
template <class Body>
bool guarded(Body body) {
    try {
        body();
        return true;
    } catch (const PythonError&) {
    } catch (const std::bad_alloc&) {
        PyErr_NoMemory();
    } catch (const xborder::NotUtf8& error) {
        PyErr_SetString(PyExc_UnicodeError, error.what());
    } catch (const std::logic_error& error) {  // invalid_argument, length_error
        PyErr_SetString(PyExc_ValueError, error.what());
    } catch (const std::exception& error) {
        PyErr_SetString(PyExc_RuntimeError, error.what());
    }
    return false;
}

xborder::CharacterArrays parse_characters(Buffers& held, PyObject* tuple) {
    PyObject *pages, *entries, *pool;
    if (!PyArg_ParseTuple(tuple, "OOO:characters", &pages, &entries, &pool)) throw PythonError();
    return {hold<std::uint16_t>(held, pages), hold<std::uint32_t>(held, entries), hold<std::uint8_t>(held, pool)};
}

std::uint64_t parse_unsigned(PyObject* number) {
    const unsigned long long value = PyLong_AsUnsignedLongLong(number);
    if (PyErr_Occurred()) throw PythonError();
    return value;
}

xborder::HashArrays parse_hash(Buffers& held, PyObject* tuple) {
    PyObject *keys, *values, *seed, *max_probe;
    if (!PyArg_ParseTuple(tuple, "OOOO:table", &keys, &values, &seed, &max_probe)) throw PythonError();
    return {hold<std::uint64_t>(held, keys), hold<std::int32_t>(held, values), parse_unsigned(seed),
            parse_unsigned(max_probe)};
}

xborder::VocabularyArrays parse_vocabulary(Buffers& held, PyObject* tuple) {
    PyObject *words, *steps, *bigrams, *abbreviations, *starts, *names, *terms, *unigrams, *opens, *closes;
    long long longest;
    if (!PyArg_ParseTuple(tuple, "O!O!O!OOOOOOOL:vocabulary", &PyTuple_Type, &words, &PyTuple_Type, &steps,
                          &PyTuple_Type, &bigrams, &abbreviations, &starts, &names, &terms, &unigrams, &opens, &closes,
                          &longest))
        throw PythonError();
    xborder::VocabularyArrays arrays;
    arrays.words = parse_hash(held, words);
    arrays.term_steps = parse_hash(held, steps);
    arrays.bigrams = parse_hash(held, bigrams);
    arrays.abbreviations = hold<std::uint8_t>(held, abbreviations);
    arrays.term_starts = hold<std::int32_t>(held, starts);
    arrays.node_names = hold<std::int32_t>(held, names);
    arrays.node_terms = hold<std::int32_t>(held, terms);
    arrays.unigrams = hold<std::int32_t>(held, unigrams);
    arrays.opens = hold<std::uint8_t>(held, opens);
    arrays.closes = hold<std::uint8_t>(held, closes);
    arrays.longest_term = longest;
    return arrays;
}

xborder::LinearArrays parse_linear(Buffers& held, PyObject* tuple) {
    PyObject *idf, *weights, *bias;
    if (!PyArg_ParseTuple(tuple, "OOO:linear", &idf, &weights, &bias)) throw PythonError();
    return {hold<double>(held, idf), hold<double>(held, weights), hold<double>(held, bias)};
}

xborder::PoolingArrays parse_pooling(Buffers& held, PyObject* tuple) {
    PyObject *mix, *intercept;
    long long size;
    if (!PyArg_ParseTuple(tuple, "OOL:pooling", &mix, &intercept, &size)) throw PythonError();
    return {hold<double>(held, mix), hold<double>(held, intercept), size};
}

PyObject* kernel_new(PyTypeObject* type, PyObject* args, PyObject* keywords) {
    PyObject *characters, *vocabulary, *linear, *pooling;
    long long common;
    if (keywords != nullptr && PyDict_Size(keywords) != 0) {
        PyErr_SetString(PyExc_TypeError, "Kernel takes no keyword arguments");
        return nullptr;
    }
    if (!PyArg_ParseTuple(args, "O!O!O!O!L:Kernel", &PyTuple_Type, &characters, &PyTuple_Type, &vocabulary, &PyTuple_Type,
                          &linear, &PyTuple_Type, &pooling, &common))
        return nullptr;
    auto* self = reinterpret_cast<KernelObject*>(type->tp_alloc(type, 0));
    if (self == nullptr) return nullptr;
    const bool built = guarded([&] {
        Buffers held;
        xborder::Arrays arrays;
        arrays.characters = parse_characters(held, characters);
        arrays.vocabulary = parse_vocabulary(held, vocabulary);
        arrays.linear = parse_linear(held, linear);
        arrays.pooling = parse_pooling(held, pooling);
        arrays.common = common;
        self->kernel = new xborder::Kernel(arrays);
    });
    if (built) return reinterpret_cast<PyObject*>(self);
    Py_DECREF(self);
    return nullptr;
}

void kernel_dealloc(PyObject* object) {
    auto* self = reinterpret_cast<KernelObject*>(object);
    PyTypeObject* type = Py_TYPE(object);
    delete self->kernel;
    type->tp_free(object);
    Py_DECREF(type);
}

xborder::Text view_of(PyObject* object, Py_ssize_t place) {
    if (!PyUnicode_Check(object)) {
        PyErr_Format(PyExc_TypeError, "text %zd: expected str, %.200s found", place, Py_TYPE(object)->tp_name);
        throw PythonError();
    }
#if PY_VERSION_HEX < 0x030C0000
    if (PyUnicode_READY(object) != 0) throw PythonError();
#endif
    return {PyUnicode_DATA(object), static_cast<std::size_t>(PyUnicode_GET_LENGTH(object)),
            static_cast<int>(PyUnicode_KIND(object))};
}

std::vector<xborder::Text> views_of(PyObject* tuple) {
    std::vector<xborder::Text> texts;
    texts.reserve(static_cast<std::size_t>(PyTuple_GET_SIZE(tuple)));
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tuple); ++i) texts.push_back(view_of(PyTuple_GET_ITEM(tuple, i), i));
    return texts;
}

template <class T>
T* result_rows(const Buffer& buffer, std::size_t size) {
    if (buffer.size() != size) throw std::invalid_argument("an array for results has another size");
    return buffer.data<T>();
}

// Text `i` lies from offset `i` to the next one.
template <class Offset>
std::vector<xborder::Text> utf8_views(const Buffer& data, const Buffer& offsets) {
    const std::uint8_t* const bytes = data.data<std::uint8_t>();
    const Offset* const places = offsets.data<Offset>();
    if (offsets.size() == 0 || places[0] < 0) throw std::invalid_argument("offsets do not begin");
    std::vector<xborder::Text> texts;
    texts.reserve(offsets.size() - 1);
    for (std::size_t i = 1; i < offsets.size(); ++i) {
        if (places[i] < places[i - 1]) throw std::invalid_argument("offsets do not ascend");
        texts.push_back({bytes + places[i - 1], static_cast<std::size_t>(places[i] - places[i - 1]), xborder::kUtf8});
    }
    if (static_cast<std::size_t>(places[offsets.size() - 1]) > data.size())
        throw std::invalid_argument("offsets lead beyond the texts");
    return texts;
}

std::vector<xborder::Text> utf32_views(const Buffer& codes, Py_ssize_t width) {
    if (width < 1 || codes.size() % static_cast<std::size_t>(width) != 0)
        throw std::invalid_argument("an array of strings has no such width");
    const std::uint32_t* const begin = codes.data<std::uint32_t>();
    std::vector<xborder::Text> texts;
    for (std::size_t i = 0; i < codes.size(); i += static_cast<std::size_t>(width))
        texts.push_back(xborder::unpadded(begin + i, static_cast<std::size_t>(width)));
    return texts;
}

// Whoever calls holds the memory of the texts, so that nobody takes it away while the GIL is released.
void score_views(PyObject* object, const std::vector<xborder::Text>& views, PyObject* const outputs[4], int threads) {
    xborder::Kernel& kernel = *reinterpret_cast<KernelObject*>(object)->kernel;
    if (threads < 1) throw std::invalid_argument("threads is less than 1");
    const Buffer scores(outputs[0], PyBUF_WRITABLE), words(outputs[1], PyBUF_WRITABLE);
    const Buffer known(outputs[2], PyBUF_WRITABLE), common(outputs[3], PyBUF_WRITABLE);
    const std::size_t rows = views.size();
    const xborder::Results results = {result_rows<double>(scores, rows * kernel.tags()),
                                      result_rows<std::int64_t>(words, rows), result_rows<std::int64_t>(known, rows),
                                      result_rows<std::int64_t>(common, rows)};
    std::exception_ptr error;
    Py_BEGIN_ALLOW_THREADS
    try {
        kernel.score(views.data(), rows, results, static_cast<unsigned>(threads));
    } catch (...) {
        error = std::current_exception();
    }
    Py_END_ALLOW_THREADS
    if (error) std::rethrow_exception(error);
}

PyObject* done(bool fine) {
    if (!fine) return nullptr;
    Py_RETURN_NONE;
}

PyObject* kernel_score(PyObject* object, PyObject* args) {
    PyObject *texts, *outputs[4];
    int threads;
    if (!PyArg_ParseTuple(args, "OOOOOi:score", &texts, &outputs[0], &outputs[1], &outputs[2], &outputs[3],
                          &threads))
        return nullptr;
    return done(guarded([&] {
        const Reference tuple = owned(PySequence_Tuple(texts));
        score_views(object, views_of(tuple.get()), outputs, threads);
    }));
}

PyObject* kernel_score_utf8(PyObject* object, PyObject* args) {
    PyObject *data, *offsets, *outputs[4];
    int threads;
    if (!PyArg_ParseTuple(args, "OOOOOOi:score_utf8", &data, &offsets, &outputs[0], &outputs[1], &outputs[2],
                          &outputs[3], &threads))
        return nullptr;
    return done(guarded([&] {
        const Buffer bytes(data, 0), places(offsets, 0);
        const bool is_wide = places.item_size() == sizeof(std::int64_t);
        const auto views = is_wide ? utf8_views<std::int64_t>(bytes, places) : utf8_views<std::int32_t>(bytes, places);
        score_views(object, views, outputs, threads);
    }));
}

PyObject* kernel_score_utf32(PyObject* object, PyObject* args) {
    PyObject *codes, *outputs[4];
    Py_ssize_t width;
    int threads;
    if (!PyArg_ParseTuple(args, "OnOOOOi:score_utf32", &codes, &width, &outputs[0], &outputs[1], &outputs[2],
                          &outputs[3], &threads))
        return nullptr;
    return done(guarded([&] {
        const Buffer characters(codes, 0);
        score_views(object, utf32_views(characters, width), outputs, threads);
    }));
}

PyMethodDef kernel_methods[] = {
    {"score", kernel_score, METH_VARARGS,
     "score(texts, scores, words, known, common, threads)\n--\n\nWrite the scores of texts into arrays."},
    {"score_utf8", kernel_score_utf8, METH_VARARGS,
     "score_utf8(data, offsets, scores, words, known, common, threads)\n--\n\nThe same for texts in UTF-8."},
    {"score_utf32", kernel_score_utf32, METH_VARARGS,
     "score_utf32(codes, width, scores, words, known, common, threads)\n--\n\nThe same for rows filled up with NULs."},
    {nullptr, nullptr, 0, nullptr},
};

template <class Function>
void* slot(Function* function) {
    return reinterpret_cast<void*>(function);
}

PyType_Slot kernel_slots[] = {
    {Py_tp_new, slot(kernel_new)},
    {Py_tp_dealloc, slot(kernel_dealloc)},
    {Py_tp_methods, kernel_methods},
    {Py_tp_doc, const_cast<char*>("Kernel(characters, vocabulary, linear, pooling, common)\n--\n\nThe tables of a model.")},
    {0, nullptr},
};

PyType_Spec kernel_spec = {"xborder_tagger.kernel.native._native.Kernel", sizeof(KernelObject), 0,
                           Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE, kernel_slots};

int module_exec(PyObject* module) {
    PyObject* type = PyType_FromModuleAndSpec(module, &kernel_spec, nullptr);
    if (type == nullptr) return -1;
    const int status = PyModule_AddType(module, reinterpret_cast<PyTypeObject*>(type));
    Py_DECREF(type);
    return status;
}

PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, slot(module_exec)},
#if PY_VERSION_HEX >= 0x030C0000
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, nullptr},
};

PyModuleDef module_def = {PyModuleDef_HEAD_INIT, "_native", "The compiled kernel.", 0, nullptr, module_slots,
                          nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit__native() { return PyModuleDef_Init(&module_def); }
