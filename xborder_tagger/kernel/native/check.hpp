// The one place where tables are doubted. What passes is read without another check, so everything that serves as an
// index is looked at here. The large tables are read where they lie, in the mapping of the model file or in arrays that
// the binding holds: nobody may write to them while the kernel lives. A model file is never written to, only replaced.
#pragma once

#include "tables.hpp"

namespace xborder {

// The arrays, if they fit together; throws std::invalid_argument if they do not.
const Arrays& checked(const Arrays& arrays);

}  // namespace xborder
