// The one place where tables are doubted. What passes is read without another check, so everything that serves as an
// index is looked at here. Whoever reads with it keeps a copy: a later write to the caller's memory cannot turn into
// a stray access.
#pragma once

#include "tables.hpp"

namespace xborder {

// The arrays, if they fit together; throws std::invalid_argument if they do not.
const Arrays& checked(const Arrays& arrays);

}  // namespace xborder
