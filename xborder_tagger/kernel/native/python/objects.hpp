// What the Python side needs of CPython: references, buffers, and exceptions in both directions.
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <cstdint>
#include <cstring>
#include <deque>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include "../tables.hpp"
#include "../utf8.hpp"

namespace xborder::python {

struct PythonError {};  // the Python exception is set already

struct Release {
    void operator()(PyObject* object) const { Py_XDECREF(object); }
};
using Reference = std::unique_ptr<PyObject, Release>;

inline Reference owned(PyObject* object) {
    if (object == nullptr) throw PythonError();
    return Reference(object);
}

// Format letters of the buffer protocol that mean T; which of them NumPy gives depends on the platform.
template <class T> constexpr const char* kFormats;  // for no other T
template <> constexpr const char* kFormats<std::uint8_t> = "B?";
template <> constexpr const char* kFormats<std::uint16_t> = "H";
template <> constexpr const char* kFormats<std::uint32_t> = "IL";
template <> constexpr const char* kFormats<std::uint64_t> = "QL";
template <> constexpr const char* kFormats<std::int32_t> = "il";
template <> constexpr const char* kFormats<std::int64_t> = "ql";
template <> constexpr const char* kFormats<std::int16_t> = "h";
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

// Do work without the GIL; what it throws is thrown on when the GIL is held again.
template <class Work>
void without_gil(Work work) {
    std::exception_ptr error;
    Py_BEGIN_ALLOW_THREADS
    try {
        work();
    } catch (...) {
        error = std::current_exception();
    }
    Py_END_ALLOW_THREADS
    if (error) std::rethrow_exception(error);
}

}  // namespace xborder::python
