#include "python/layout.h"

namespace lancehead::python {

const Layout* find_known_layout(code::PythonVersion version, bool free_threaded) {
  for (const Layout& layout : known_layouts()) {
    if (layout.version.major == version.major && layout.version.minor == version.minor &&
        layout.free_threaded == free_threaded) {
      return &layout;
    }
  }
  return nullptr;
}

}  // namespace lancehead::python
