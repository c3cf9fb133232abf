// The global interpreter lock: where it is, who has it, and who waits for it.
#pragma once

#include <cstdint>
#include <span>

#include "base/fault.h"
#include "python/layout.h"
#include "target/memory.h"

namespace lancehead::python {

struct GilState {
  target::Address last_holder;  // the thread state that has, or had last, the GIL
  bool locked = false;
  // Counts hand-overs between different threads; unchanged while one thread takes it again.
  std::uint64_t switch_number = 0;

  bool operator==(const GilState&) const = default;
};

// The GIL of an interpreter: one for all of them up to 3.11, possibly one each from 3.12 on.
// Null in a process whose interpreter has none yet.
[[nodiscard]] Faulty<target::Address> find_gil(target::Memory& memory, const Layout& layout,
                                               target::Address runtime,
                                               target::Address interpreter);

// Decodes `layout.gil.size` bytes read at the GIL's address.
[[nodiscard]] GilState decode_gil(const Layout& layout, std::span<const std::byte> bytes);

// Whether a futex at that address is one on which threads wait for this GIL: a word of one of its
// two condition variables or of their mutexes.
[[nodiscard]] bool is_gil_futex(const Layout& layout, target::Address gil, target::Address futex);

}  // namespace lancehead::python
