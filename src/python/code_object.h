// A code object, read whole from a target.
#pragma once

#include <cstdint>
#include <span>
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

// What tells a code object from another one that later stands at the same address. Every use of a
// cached code object compares this, so that a freed and reused address is never given an old name.
//
// Pointers alone do not tell: when one function after the other is made and freed, the allocator
// gives all their parts the same addresses again. The length and hash of the name do.
struct CodeIdentity {
  std::uint64_t size = 0;
  target::Address constants, names, filename, name, line_table;
  std::uint32_t first_line = 0;
  std::uint32_t flags = 0;
  std::uint64_t name_length = 0;
  std::uint64_t name_hash = 0;

  bool operator==(const CodeIdentity&) const = default;
};

// What decode_code_identity needs: so many bytes from the start of the code object, and so many
// from the start of its name.
inline constexpr std::size_t kCodeHead = 176;
inline constexpr std::size_t kNameHead = 48;

// Where the name of the code object stands whose head this is.
[[nodiscard]] target::Address decode_code_name(const Layout& layout,
                                               std::span<const std::byte> code_head);

[[nodiscard]] CodeIdentity decode_code_identity(const Layout& layout,
                                                std::span<const std::byte> code_head,
                                                std::span<const std::byte> name_head);

// Whether an object with this head had not been freed. Freed memory keeps most of what it held, but
// for its first word: the allocators link it there to other free memory, where the object had its
// count of references. (In free-threaded builds that word says nothing, and all are taken to live.)
[[nodiscard]] bool is_alive(const Layout& layout, std::span<const std::byte> head);

// Reads the code object at `address`, but for its names, variables and constants, which take many
// reads. Faults: unmapped; implausible where it is no code object; too_large for absurd sizes.
[[nodiscard]] Faulty<CodeObject> read_code_object(target::Memory& memory, const Layout& layout,
                                                  target::Address address);

// Fills in names, variables and constants, as far as they can be read.
void read_code_details(target::Memory& memory, const Layout& layout, target::Address address,
                       CodeObject& code);

// Where the instructions stand: within the object from 3.11 on, else behind a pointer.
[[nodiscard]] Faulty<target::Address> read_bytecode_address(target::Memory& memory,
                                                            const Layout& layout,
                                                            target::Address code);

}  // namespace lancehead::python
