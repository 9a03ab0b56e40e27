// Numbers for Python without NumPy: an object with the buffer protocol, which NumPy takes without a copy, and tolist().
#pragma once

#include <cstring>
#include <type_traits>
#include <vector>

#include "objects.hpp"

namespace xborder::python {

// Format letter of the buffer protocol; a byte is a truth.
template <class T>
constexpr char kLetter = std::is_same_v<T, double> ? 'd' : std::is_same_v<T, std::int64_t> ? 'q' : '?';

// One or two dimensions; the numbers lie behind the object.
struct MatrixObject {
    PyObject_VAR_HEAD
    Py_ssize_t shape[2], strides[2], item_size;
    int dimensions;
    char format[2];
    alignas(16) char data[1];
};

template <class T>
T* numbers_of(const Reference& matrix) {
    return reinterpret_cast<T*>(reinterpret_cast<MatrixObject*>(matrix.get())->data);
}

// Not filled yet. `type` is that of make_matrix_type.
template <class T>
Reference make_matrix(PyTypeObject* type, std::size_t rows, std::size_t columns) {
    Reference object = owned(type->tp_alloc(type, static_cast<Py_ssize_t>(rows * columns * sizeof(T))));
    auto* matrix = reinterpret_cast<MatrixObject*>(object.get());
    matrix->item_size = sizeof(T);
    matrix->dimensions = 2;
    matrix->shape[0] = static_cast<Py_ssize_t>(rows);
    matrix->shape[1] = static_cast<Py_ssize_t>(columns);
    matrix->strides[1] = sizeof(T);
    matrix->strides[0] = static_cast<Py_ssize_t>(columns * sizeof(T));
    matrix->format[0] = kLetter<T>;
    matrix->format[1] = 0;
    return object;
}

// The same of one dimension.
template <class T>
Reference make_matrix(PyTypeObject* type, std::size_t size) {
    Reference object = make_matrix<T>(type, size, 1);
    reinterpret_cast<MatrixObject*>(object.get())->dimensions = 1;
    return object;
}

// With these numbers in it, of which there are as many.
template <class T>
Reference filled(Reference matrix, const std::vector<T>& numbers) {
    if (!numbers.empty()) std::memcpy(numbers_of<T>(matrix), numbers.data(), numbers.size() * sizeof(T));
    return matrix;
}

PyTypeObject* make_matrix_type(PyObject* module);

}  // namespace xborder::python
