#include "code/python_version.h"

#include <fmt/format.h>

namespace lancehead::code {

std::string to_string(PythonVersion version) {
  std::string text = fmt::format("{}.{}.{}", version.major, version.minor, version.micro);
  switch (version.level) {
    case 0xA: return text + fmt::format("a{}", version.serial);
    case 0xB: return text + fmt::format("b{}", version.serial);
    case 0xC: return text + fmt::format("rc{}", version.serial);
    default: return text;
  }
}

std::string minor_string(PythonVersion version) {
  return fmt::format("{}.{}", version.major, version.minor);
}

}  // namespace lancehead::code
