// `_Py_DebugOffsets`: the description of its own layout that a runtime carries from 3.13 on.
// Source: Include/internal/pycore_debug_offsets.h (pycore_runtime.h in 3.13).
#pragma once

#include <optional>
#include <string>

#include "base/fault.h"
#include "python/layout.h"
#include "target/memory.h"

namespace lancehead::python {

struct DescribedLayout {
  Layout layout;
  // Not empty where the minor version is newer than any that this build knows.
  std::string warning;
};

// Reads and checks the offsets at `runtime`. Fault `implausible` where there are none, or where
// one of them cannot be what it claims.
[[nodiscard]] Faulty<DescribedLayout> read_debug_offsets(target::Memory& memory,
                                                         target::Address runtime);

}  // namespace lancehead::python
