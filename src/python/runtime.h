// Finds the CPython runtime of a process and how its structures are laid out.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/fault.h"
#include "python/layout.h"
#include "target/maps.h"
#include "target/memory.h"

namespace lancehead::python {

struct Runtime {
  target::Address address;  // of _PyRuntime
  Layout layout;
  std::string binary;   // path of the file that holds the interpreter, as `maps` shows it
  std::string warning;  // not empty for a version newer than all known ones
};

// A CPython that is too old, or whose layout could not be understood.
struct UnsupportedRuntime {
  std::string binary;
  std::string version;  // as far as it could be told; may be empty
};

struct RuntimeSearch {
  std::optional<Runtime> found;
  std::optional<UnsupportedRuntime> unsupported;
};

// Looks through the files mapped into a process. Made to be asked again and again while a process
// starts: each file is examined once.
//
// Ways in, surest first: the exported symbol `_PyRuntime` (3.8 and later, it survives `strip`); the
// section `.PyRuntime` (3.10 and later); the cookie of the debug offsets in writable memory
// (3.13 and later), tried only by `search_thoroughly`.
class RuntimeFinder {
 public:
  RuntimeFinder(pid_t pid, target::Memory& memory) : pid_(pid), memory_(memory) {}

  // Cheap when nothing new is mapped. Faults: gone, denied.
  [[nodiscard]] Faulty<RuntimeSearch> search();

  // Also scans memory for the cookie; for a process that is up and in which `search` finds nothing.
  [[nodiscard]] Faulty<RuntimeSearch> search_thoroughly();

  // Forgets what was examined, after the process replaced its program.
  void reset() { examined_.clear(); }

 private:
  void examine(const std::vector<target::Mapping>& maps, const target::Mapping& mapping,
               RuntimeSearch& search);

  pid_t pid_;
  target::Memory& memory_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> examined_;  // device, inode
};

}  // namespace lancehead::python
