// The version of an interpreter, from the text that its binary holds.
#pragma once

#include <optional>
#include <string_view>

#include "code/python_version.h"

namespace lancehead::python {

// Looks for PY_VERSION ("3.9.18") before a zero byte in read-only data; linkers let it be the end
// of a longer text, so anything but a number may stand in front of it. Where `path` names a minor
// version (libpython3.9.so.1.0), only that one counts; where the data says nothing, the path alone
// decides and the patch level is 0.
[[nodiscard]] std::optional<code::PythonVersion> find_version_text(std::string_view read_only_data,
                                                                   std::string_view path);

}  // namespace lancehead::python
