// The Python side of the kernel. Texts are read where they lie, and the GIL is released.
#include <vector>

#include "../kernel.hpp"
#include "matrix.hpp"
#include "parse_tables.hpp"
#include "parse_texts.hpp"
#include "objects.hpp"

namespace xborder::python {
namespace {

// The kernel reads the arrays where they lie, so they are held as long as it lives.
struct Tables {
    Buffers held;
    std::unique_ptr<Kernel> kernel;
};

struct KernelObject {
    PyObject_HEAD
    Tables* tables;
};

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
        Arrays arrays;
        arrays.characters = parse_characters(held, characters);
        arrays.vocabulary = parse_vocabulary(held, vocabulary);
        arrays.linear = parse_linear(held, linear);
        arrays.pooling = parse_pooling(held, pooling);
        arrays.decision = parse_decision(held, decision);
        arrays.common = common;
        self->tables->kernel = std::make_unique<Kernel>(arrays);
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

// Of each interpreter its own.
struct ModuleState {
    PyTypeObject* matrix;
};

PyTypeObject* matrix_type_of(PyObject* kernel) {
    return static_cast<ModuleState*>(PyType_GetModuleState(Py_TYPE(kernel)))->matrix;
}

Kernel& kernel_of(PyObject* object) { return *reinterpret_cast<KernelObject*>(object)->tables->kernel; }

PyObject* tuple_of(const std::vector<Reference>& objects) {
    PyObject* const tuple = PyTuple_New(static_cast<Py_ssize_t>(objects.size()));
    if (tuple == nullptr) throw PythonError();
    for (std::size_t i = 0; i < objects.size(); ++i)
        PyTuple_SET_ITEM(tuple, static_cast<Py_ssize_t>(i), Py_NewRef(objects[i].get()));
    return tuple;
}

// In the order of kernel/predictions.py.
PyObject* predictions(PyObject* object, const std::vector<Text>& texts, int threads) {
    if (threads < 1) throw std::invalid_argument("threads is less than 1");
    Kernel& kernel = kernel_of(object);
    PyTypeObject* const type = matrix_type_of(object);
    const std::size_t n = texts.size(), tags = kernel.tags();
    std::vector<Reference> out;
    for (int i = 0; i < 2; ++i) out.push_back(make_matrix<double>(type, n, tags));
    for (const std::size_t width : {tags, tags, kFlags}) out.push_back(make_matrix<std::uint8_t>(type, n, width));
    for (int i = 0; i < 3; ++i) out.push_back(make_matrix<std::int64_t>(type, n));
    const Result first{numbers_of<double>(out[0]),       numbers_of<double>(out[1]),
                       numbers_of<std::uint8_t>(out[2]), numbers_of<std::uint8_t>(out[3]),
                       numbers_of<std::uint8_t>(out[4]), numbers_of<std::int64_t>(out[5]),
                       numbers_of<std::int64_t>(out[6]), numbers_of<std::int64_t>(out[7])};
    without_gil([&] { kernel.predict(texts.data(), n, first, static_cast<unsigned>(threads)); });
    return tuple_of(out);
}

// Call a body that makes an object or throws.
template <class Body>
PyObject* result(Body body) {
    PyObject* made = nullptr;
    return guarded([&] { made = body(); }) ? made : nullptr;
}

PyObject* kernel_predict(PyObject* object, PyObject* args) {
    PyObject* texts;
    int threads;
    if (!PyArg_ParseTuple(args, "Oi:predict", &texts, &threads)) return nullptr;
    return result([&] {
        if (!PySequence_Check(texts)) {
            PyErr_Format(PyExc_TypeError, "expected a sequence of str, %.200s found", Py_TYPE(texts)->tp_name);
            throw PythonError();
        }
        const Reference tuple = owned(PySequence_Tuple(texts));  // of our own, so that nobody takes a text out of it
        return predictions(object, views_of(tuple.get()), threads);
    });
}

PyObject* kernel_predict_utf8(PyObject* object, PyObject* args) {
    PyObject *data, *offsets;
    int threads;
    if (!PyArg_ParseTuple(args, "OOi:predict_utf8", &data, &offsets, &threads)) return nullptr;
    return result([&] {
        const Buffer bytes(data, 0), places(offsets, 0);
        const bool is_wide = places.item_size() == sizeof(std::int64_t);
        const auto views = is_wide ? utf8_views<std::int64_t>(bytes, places) : utf8_views<std::int32_t>(bytes, places);
        return predictions(object, views, threads);
    });
}

PyObject* kernel_predict_utf32(PyObject* object, PyObject* args) {
    PyObject* codes;
    Py_ssize_t width;
    int threads;
    if (!PyArg_ParseTuple(args, "Oni:predict_utf32", &codes, &width, &threads)) return nullptr;
    return result([&] {
        const Buffer characters(codes, 0);
        return predictions(object, utf32_views(characters, width), threads);
    });
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

// In the order of kernel/explanation.py.
PyObject* kernel_explain(PyObject* object, PyObject* args) {
    PyObject *text, *tuple;
    if (!PyArg_ParseTuple(args, "OO!:explain", &text, &PyTuple_Type, &tuple)) return nullptr;
    return result([&] {
        const Text view = view_of(text, 0);
        const std::vector<std::size_t> columns = columns_of(tuple, kernel_of(object).tags());
        Explanation found;
        without_gil([&] { found = kernel_of(object).explain(view, columns); });
        PyTypeObject* const type = matrix_type_of(object);
        std::vector<Reference> out;
        for (const auto* places : {&found.starts, &found.ends, &found.first, &found.begins, &found.stops})
            out.push_back(filled(make_matrix<std::int64_t>(type, places->size()), *places));
        for (const auto* parts : {&found.parts, &found.direct})
            out.push_back(filled(make_matrix<double>(type, columns.size(), found.starts.size()), *parts));
        return tuple_of(out);
    });
}

PyMethodDef kernel_methods[] = {
    {"predict", kernel_predict, METH_VARARGS, "predict(texts, threads)\n--\n\nThe columns of Predictions."},
    {"predict_utf8", kernel_predict_utf8, METH_VARARGS,
     "predict_utf8(data, offsets, threads)\n--\n\nThe same for texts in UTF-8."},
    {"predict_utf32", kernel_predict_utf32, METH_VARARGS,
     "predict_utf32(codes, width, threads)\n--\n\nThe same for rows filled up with NULs."},
    {"explain", kernel_explain, METH_VARARGS, "explain(text, columns)\n--\n\nThe columns of an Explanation."},
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

ModuleState& state_of(PyObject* module) { return *static_cast<ModuleState*>(PyModule_GetState(module)); }

int module_exec(PyObject* module) {
    state_of(module).matrix = make_matrix_type(module);
    if (state_of(module).matrix == nullptr) return -1;
    PyObject* type = PyType_FromModuleAndSpec(module, &kernel_spec, nullptr);
    if (type == nullptr) return -1;
    const int status = PyModule_AddType(module, reinterpret_cast<PyTypeObject*>(type));
    Py_DECREF(type);
    return status;
}

int module_traverse(PyObject* module, visitproc visit, void* arg) {
    Py_VISIT(state_of(module).matrix);
    return 0;
}

int module_clear(PyObject* module) {
    Py_CLEAR(state_of(module).matrix);
    return 0;
}

void module_free(void* module) { module_clear(static_cast<PyObject*>(module)); }

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

PyModuleDef module_def = {PyModuleDef_HEAD_INIT, "_native", "The compiled kernel.", sizeof(ModuleState), nullptr,
                          module_slots, module_traverse, module_clear, module_free};

}  // namespace
}  // namespace xborder::python

PyMODINIT_FUNC PyInit__native() { return PyModuleDef_Init(&xborder::python::module_def); }
