// A code object, read whole from a target.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/fault.h"
#include "python/layout.h"
#include "target/memory.h"

namespace lancehead::python {

struct CodeObject {
  std::string name;
  std::string qualified_name;  // the name, before 3.11
  std::string filename;
  std::uint32_t first_line = 0;
  std::uint32_t flags = 0;
  std::uint32_t argument_count = 0;
  std::string bytecode;  // as found: specialised instructions included
  std::string line_table;
  std::string exception_table;         // from 3.11
  std::vector<std::string> names;      // co_names
  std::vector<std::string> variables;  // locals, cells and free variables
  std::vector<std::string> constants;  // repr of short ones, "..." for others
};

// The part of a code object's memory that tells it from another one that later stands at the same
// address: its scalars and pointers, without the reference count and without the instructions.
//
// Every use of a cached code object compares these bytes, so that a freed and reused address is
// never given an old name.
struct CodeIdentity {
  static constexpr std::size_t kBytes = 128;

  // Where the identity begins within a code object, in every version: past the object header.
  [[nodiscard]] static std::uint32_t begin(const Layout& layout) {
    return layout.object.size.bytes;
  }
};

// Reads all that a recording keeps of the code object at `address`.
// Faults: unmapped; implausible where it is not a code object; too_large for absurd sizes.
[[nodiscard]] Faulty<CodeObject> read_code_object(target::Memory& memory, const Layout& layout,
                                                  target::Address address);

// Where the instructions stand: within the object from 3.11 on, else behind a pointer.
[[nodiscard]] Faulty<target::Address> read_bytecode_address(target::Memory& memory,
                                                            const Layout& layout,
                                                            target::Address code);

}  // namespace lancehead::python
