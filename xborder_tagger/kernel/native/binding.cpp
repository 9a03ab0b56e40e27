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
template <> constexpr const char* kFormats<float> = "f";
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

// The kernel reads the arrays where they lie, so they are held as long as it lives.
struct Tables {
    Buffers held;
    std::unique_ptr<xborder::Kernel> kernel;
};

struct KernelObject {
    PyObject_HEAD
    Tables* tables;
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

// Slots, displacements, seed.
template <class Arrays>
Arrays parse_table(Buffers& held, PyObject* tuple) {
    PyObject *slots, *displacements, *seed;
    if (!PyArg_ParseTuple(tuple, "OOO:table", &slots, &displacements, &seed)) throw PythonError();
    return {hold<std::uint64_t>(held, slots), {hold<std::uint16_t>(held, displacements), parse_unsigned(seed)}};
}

xborder::VocabularyArrays parse_vocabulary(Buffers& held, PyObject* tuple) {
    PyObject *words, *steps, *bigrams, *abbreviations, *starts, *names, *terms, *unigrams;
    long long longest;
    if (!PyArg_ParseTuple(tuple, "O!O!O!OOOOOL:vocabulary", &PyTuple_Type, &words, &PyTuple_Type, &steps,
                          &PyTuple_Type, &bigrams, &abbreviations, &starts, &names, &terms, &unigrams, &longest))
        throw PythonError();
    xborder::VocabularyArrays arrays;
    arrays.words = parse_table<xborder::WordArrays>(held, words);
    arrays.term_steps = parse_table<xborder::PairArrays>(held, steps);
    arrays.bigrams = parse_table<xborder::PairArrays>(held, bigrams);
    arrays.abbreviations = hold<std::uint8_t>(held, abbreviations);
    arrays.term_starts = hold<std::int32_t>(held, starts);
    arrays.node_names = hold<std::int32_t>(held, names);
    arrays.node_terms = hold<std::int32_t>(held, terms);
    arrays.unigrams = hold<std::int32_t>(held, unigrams);
    arrays.longest_term = longest;
    return arrays;
}

xborder::LinearArrays parse_linear(Buffers& held, PyObject* tuple) {
    PyObject *heads, *rows, *bias;
    double unit;
    if (!PyArg_ParseTuple(tuple, "OOdO:linear", &heads, &rows, &unit, &bias)) throw PythonError();
    return {hold<float>(held, heads), hold<std::int32_t>(held, rows), unit, hold<double>(held, bias)};
}

xborder::PoolingArrays parse_pooling(Buffers& held, PyObject* tuple) {
    PyObject *mix, *intercept;
    long long size;
    if (!PyArg_ParseTuple(tuple, "OOL:pooling", &mix, &intercept, &size)) throw PythonError();
    return {hold<double>(held, mix), hold<double>(held, intercept), size};
}

xborder::DecisionArrays parse_decision(Buffers& held, PyObject* tuple) {
    PyObject *thresholds, *review;
    double known_words, common_share;
    if (!PyArg_ParseTuple(tuple, "OOdd:decision", &thresholds, &review, &known_words, &common_share)) throw PythonError();
    return {hold<double>(held, thresholds), hold<double>(held, review), known_words, common_share};
}

PyObject* kernel_new(PyTypeObject* type, PyObject* args, PyObject* keywords) {
    PyObject *characters, *vocabulary, *linear, *pooling, *decision;
    long long common;
    if (keywords != nullptr && PyDict_Size(keywords) != 0) {
        PyErr_SetString(PyExc_TypeError, "Kernel takes no keyword arguments");
        return nullptr;
    }
    if (!PyArg_ParseTuple(args, "O!O!O!O!O!L:Kernel", &PyTuple_Type, &characters, &PyTuple_Type, &vocabulary,
                          &PyTuple_Type, &linear, &PyTuple_Type, &pooling, &PyTuple_Type, &decision, &common))
        return nullptr;
    auto* self = reinterpret_cast<KernelObject*>(type->tp_alloc(type, 0));
    if (self == nullptr) return nullptr;
    const bool built = guarded([&] {
        self->tables = new Tables();
        Buffers& held = self->tables->held;
        xborder::Arrays arrays;
        arrays.characters = parse_characters(held, characters);
        arrays.vocabulary = parse_vocabulary(held, vocabulary);
        arrays.linear = parse_linear(held, linear);
        arrays.pooling = parse_pooling(held, pooling);
        arrays.decision = parse_decision(held, decision);
        arrays.common = common;
        self->tables->kernel = std::make_unique<xborder::Kernel>(arrays);
    });
    if (built) return reinterpret_cast<PyObject*>(self);
    Py_DECREF(self);
    return nullptr;
}

void kernel_dealloc(PyObject* object) {
    auto* self = reinterpret_cast<KernelObject*>(object);
    PyTypeObject* type = Py_TYPE(object);
    delete self->tables;
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

// The arrays that predictions go to, in the order of kernel/predictions.py.
class Outputs {
public:
    static constexpr Py_ssize_t kArrays = 8;

    Outputs(PyObject* tuple, std::size_t rows, std::size_t tags)
        : scores_(item(tuple, 0), PyBUF_WRITABLE), probabilities_(item(tuple, 1), PyBUF_WRITABLE),
          applies_(item(tuple, 2), PyBUF_WRITABLE), review_(item(tuple, 3), PyBUF_WRITABLE), flags_(item(tuple, 4), PyBUF_WRITABLE),
          words_(item(tuple, 5), PyBUF_WRITABLE), known_(item(tuple, 6), PyBUF_WRITABLE), common_(item(tuple, 7), PyBUF_WRITABLE),
          first{result_rows<double>(scores_, rows * tags), result_rows<double>(probabilities_, rows * tags),
                result_rows<std::uint8_t>(applies_, rows * tags), result_rows<std::uint8_t>(review_, rows * tags),
                result_rows<std::uint8_t>(flags_, rows * xborder::kFlags), result_rows<std::int64_t>(words_, rows),
                result_rows<std::int64_t>(known_, rows), result_rows<std::int64_t>(common_, rows)} {}

private:
    static PyObject* item(PyObject* tuple, Py_ssize_t place) {
        if (PyTuple_GET_SIZE(tuple) != kArrays) throw std::invalid_argument("predictions go to eight arrays");
        return PyTuple_GET_ITEM(tuple, place);
    }

    Buffer scores_, probabilities_, applies_, review_, flags_, words_, known_, common_;

public:
    const xborder::Result first;
};

// The strings live in a tuple of our own, so that nobody takes them away while the GIL is released.
void predict_all(xborder::Kernel& kernel, PyObject* texts, PyObject* arrays, int threads) {
    if (threads < 1) throw std::invalid_argument("threads is less than 1");
    const Reference tuple = owned(PySequence_Tuple(texts));
    const std::vector<xborder::Text> views = views_of(tuple.get());
    const Outputs outputs(arrays, views.size(), kernel.tags());
    std::exception_ptr error;
    Py_BEGIN_ALLOW_THREADS
    try {
        kernel.predict(views.data(), views.size(), outputs.first, static_cast<unsigned>(threads));
    } catch (...) {
        error = std::current_exception();
    }
    Py_END_ALLOW_THREADS
    if (error) std::rethrow_exception(error);
}

PyObject* kernel_predict(PyObject* object, PyObject* args) {
    PyObject *texts, *arrays;
    int threads;
    if (!PyArg_ParseTuple(args, "OO!i:predict", &texts, &PyTuple_Type, &arrays, &threads)) return nullptr;
    auto* self = reinterpret_cast<KernelObject*>(object);
    if (!guarded([&] { predict_all(*self->tables->kernel, texts, arrays, threads); })) return nullptr;
    Py_RETURN_NONE;
}

template <class T>
Reference bytes_of(const std::vector<T>& numbers) {
    const char* const data = reinterpret_cast<const char*>(numbers.data());
    return owned(PyBytes_FromStringAndSize(data, static_cast<Py_ssize_t>(numbers.size() * sizeof(T))));
}

std::vector<std::size_t> columns_of(PyObject* tuple, std::size_t n_tags) {
    std::vector<std::size_t> columns;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tuple); ++i) {
        columns.push_back(PyLong_AsSize_t(PyTuple_GET_ITEM(tuple, i)));
        if (PyErr_Occurred()) throw PythonError();
        if (columns.back() >= n_tags) throw std::invalid_argument("there is no such column");
    }
    return columns;
}

Reference explain_one(xborder::Kernel& kernel, PyObject* text, PyObject* tuple) {
    const xborder::Text view = view_of(text, 0);
    const std::vector<std::size_t> columns = columns_of(tuple, kernel.tags());
    xborder::Explanation found;
    std::exception_ptr error;
    Py_BEGIN_ALLOW_THREADS
    try {
        found = kernel.explain(view, columns);
    } catch (...) {
        error = std::current_exception();
    }
    Py_END_ALLOW_THREADS
    if (error) std::rethrow_exception(error);
    const Reference parts[] = {bytes_of(found.starts), bytes_of(found.ends), bytes_of(found.first), bytes_of(found.begins),
                               bytes_of(found.stops), bytes_of(found.parts), bytes_of(found.direct), bytes_of(found.bias),
                               bytes_of(found.scores)};
    return owned(PyTuple_Pack(9, parts[0].get(), parts[1].get(), parts[2].get(), parts[3].get(), parts[4].get(),
                              parts[5].get(), parts[6].get(), parts[7].get(), parts[8].get()));
}

PyObject* kernel_explain(PyObject* object, PyObject* args) {
    PyObject *text, *columns;
    if (!PyArg_ParseTuple(args, "OO!:explain", &text, &PyTuple_Type, &columns)) return nullptr;
    auto* self = reinterpret_cast<KernelObject*>(object);
    Reference found;
    if (!guarded([&] { found = explain_one(*self->tables->kernel, text, columns); })) return nullptr;
    return found.release();
}

PyMethodDef kernel_methods[] = {
    {"predict", kernel_predict, METH_VARARGS,
     "predict(texts, arrays, threads)\n--\n\nWrite the predictions of texts into the arrays of Predictions."},
    {"explain", kernel_explain, METH_VARARGS, "explain(text, columns)\n--\n\nThe arrays of an Explanation, as bytes."},
    {nullptr, nullptr, 0, nullptr},
};

template <class Function>
void* slot(Function* function) {
    return reinterpret_cast<void*>(function);
}

constexpr char kKernelDoc[] =
    "Kernel(characters, vocabulary, linear, pooling, decision, common)\n--\n\nThe tables of a model.";

PyType_Slot kernel_slots[] = {
    {Py_tp_new, slot(kernel_new)},
    {Py_tp_dealloc, slot(kernel_dealloc)},
    {Py_tp_methods, kernel_methods},
    {Py_tp_doc, const_cast<char*>(kKernelDoc)},
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
