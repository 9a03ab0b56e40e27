#include "matrix.hpp"

namespace xborder::python {
namespace {

PyObject* number_at(const MatrixObject& matrix, Py_ssize_t place) {
    const char* const at = matrix.data + place * matrix.item_size;
    if (matrix.format[0] == '?') return PyBool_FromLong(*at);
    if (matrix.format[0] == 'q') {
        std::int64_t whole;
        std::memcpy(&whole, at, sizeof whole);
        return PyLong_FromLongLong(whole);
    }
    double real;
    std::memcpy(&real, at, sizeof real);
    return PyFloat_FromDouble(real);
}

Reference list_of(const MatrixObject& matrix, Py_ssize_t begin, Py_ssize_t size) {
    Reference list = owned(PyList_New(size));
    for (Py_ssize_t i = 0; i < size; ++i) PyList_SET_ITEM(list.get(), i, owned(number_at(matrix, begin + i)).release());
    return list;
}

Reference list_of_rows(const MatrixObject& matrix) {
    if (matrix.dimensions == 1) return list_of(matrix, 0, matrix.shape[0]);
    Reference rows = owned(PyList_New(matrix.shape[0]));
    for (Py_ssize_t i = 0; i < matrix.shape[0]; ++i)
        PyList_SET_ITEM(rows.get(), i, list_of(matrix, i * matrix.shape[1], matrix.shape[1]).release());
    return rows;
}

PyObject* matrix_tolist(PyObject* object, PyObject*) {
    Reference list;
    if (!guarded([&] { list = list_of_rows(*reinterpret_cast<MatrixObject*>(object)); })) return nullptr;
    return list.release();
}

int matrix_buffer(PyObject* object, Py_buffer* view, int flags) {
    auto* matrix = reinterpret_cast<MatrixObject*>(object);
    if (PyBuffer_FillInfo(view, object, matrix->data, Py_SIZE(object), 0, flags) != 0) return -1;
    view->itemsize = matrix->item_size;
    view->ndim = matrix->dimensions;
    view->format = (flags & PyBUF_FORMAT) != 0 ? matrix->format : nullptr;
    view->shape = matrix->shape;
    view->strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? matrix->strides : nullptr;
    return 0;
}

Py_ssize_t matrix_length(PyObject* object) { return reinterpret_cast<MatrixObject*>(object)->shape[0]; }

void matrix_dealloc(PyObject* object) {
    PyTypeObject* type = Py_TYPE(object);
    type->tp_free(object);
    Py_DECREF(type);
}

template <class Function>
void* slot(Function* function) {
    return reinterpret_cast<void*>(function);
}

PyMethodDef matrix_methods[] = {
    {"tolist", matrix_tolist, METH_NOARGS, "tolist()\n--\n\nA list of numbers, or of rows."},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot matrix_slots[] = {
    {Py_tp_dealloc, slot(matrix_dealloc)},
    {Py_tp_methods, matrix_methods},
    {Py_sq_length, slot(matrix_length)},
    {Py_bf_getbuffer, slot(matrix_buffer)},
    {0, nullptr},
};

PyType_Spec matrix_spec = {"xborder_tagger.kernel.native._native.Matrix", offsetof(MatrixObject, data), 1,
                           Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION, matrix_slots};

}  // namespace

PyTypeObject* make_matrix_type(PyObject* module) {
    return reinterpret_cast<PyTypeObject*>(PyType_FromModuleAndSpec(module, &matrix_spec, nullptr));
}

}  // namespace xborder::python
