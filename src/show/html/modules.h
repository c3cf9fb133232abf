// Which module a file belongs to, as people name it, and whether it is the program's own.
#pragma once

#include <string>
#include <string_view>

namespace lancehead::show {

struct Module {
  std::string name;  // "numpy", "json", the folder or stem of an own file; empty where not known
  bool is_own = false;
};

// By the path alone: what lies in `site-packages` or in an interpreter's library is not own, nor is
// what has no file ("<frozen ...>").
[[nodiscard]] Module module_of(std::string_view path);

}  // namespace lancehead::show
