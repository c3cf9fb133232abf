// Failures of the sampling path: one byte, no allocation, no text.
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

namespace lancehead {

enum class Fault : std::uint8_t {
  unmapped,     // the address is not readable in the target
  gone,         // the process or thread has ended
  denied,       // the kernel refuses to let us look
  implausible,  // what was read cannot be what it should be
  changed,      // the target moved while it was read
  too_large,    // a size read from the target is beyond every bound
};

template <typename T>
using Faulty = std::expected<T, Fault>;

[[nodiscard]] constexpr std::string_view to_string(Fault fault) {
  switch (fault) {
    case Fault::unmapped: return "unmapped";
    case Fault::gone: return "gone";
    case Fault::denied: return "denied";
    case Fault::implausible: return "implausible";
    case Fault::changed: return "changed";
    case Fault::too_large: return "too large";
  }
  return "unknown";
}

}  // namespace lancehead
