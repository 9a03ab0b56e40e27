// Texts as Python hands them over, seen where they lie. Whoever calls holds their memory, so that nobody takes it away
// while the GIL is released.
#pragma once

#include <vector>

#include "objects.hpp"
#include "../texts.hpp"
#include "../utf32.hpp"
#include "../utf8.hpp"

namespace xborder::python {

inline Text view_of(PyObject* object, Py_ssize_t place) {
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

inline std::vector<Text> views_of(PyObject* tuple) {
    std::vector<Text> texts;
    texts.reserve(static_cast<std::size_t>(PyTuple_GET_SIZE(tuple)));
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tuple); ++i) texts.push_back(view_of(PyTuple_GET_ITEM(tuple, i), i));
    return texts;
}

// Text `i` lies from offset `i` to the next one.
template <class Offset>
inline std::vector<Text> utf8_views(const Buffer& data, const Buffer& offsets) {
    const std::uint8_t* const bytes = data.data<std::uint8_t>();
    const Offset* const places = offsets.data<Offset>();
    if (offsets.size() == 0 || places[0] < 0) throw std::invalid_argument("offsets do not begin");
    std::vector<Text> texts;
    texts.reserve(offsets.size() - 1);
    for (std::size_t i = 1; i < offsets.size(); ++i) {
        if (places[i] < places[i - 1]) throw std::invalid_argument("offsets do not ascend");
        texts.push_back({bytes + places[i - 1], static_cast<std::size_t>(places[i] - places[i - 1]), kUtf8});
    }
    if (static_cast<std::size_t>(places[offsets.size() - 1]) > data.size())
        throw std::invalid_argument("offsets lead beyond the texts");
    return texts;
}

inline std::vector<Text> utf32_views(const Buffer& codes, Py_ssize_t width) {
    if (width < 1 || codes.size() % static_cast<std::size_t>(width) != 0)
        throw std::invalid_argument("an array of strings has no such width");
    const std::uint32_t* const begin = codes.data<std::uint32_t>();
    std::vector<Text> texts;
    for (std::size_t i = 0; i < codes.size(); i += static_cast<std::size_t>(width))
        texts.push_back(unpadded(begin + i, static_cast<std::size_t>(width)));
    return texts;
}

}  // namespace xborder::python
