// Interpreters and thread states, as they hang off the runtime.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/fault.h"
#include "python/layout.h"
#include "target/memory.h"

namespace lancehead::python {

// What the sampler needs of a PyThreadState.
struct ThreadState {
  target::Address next;
  target::Address interpreter;
  target::Address frame;      // the current frame; on 3.11 and 3.12 null: it is behind `cframe`
  target::Address cframe;     // 3.11 and 3.12
  target::Address chunk;      // the data stack's current chunk, from 3.11
  target::Address chunk_top;  // the address after the last frame in it
  target::Address executor;   // from 3.14: not null once the thread ran compiled traces
  std::uint64_t pthread = 0;
  std::uint64_t kernel_id = 0;  // 0 before 3.11
  std::uint64_t serial = 0;     // tells a thread from the next at the same address; 0 from 3.11

  bool operator==(const ThreadState&) const = default;
};

// How many bytes from the start of a thread state decode_thread_state looks at.
[[nodiscard]] std::size_t thread_head_size(const Layout& layout);

[[nodiscard]] ThreadState decode_thread_state(const Layout& layout,
                                              std::span<const std::byte> bytes);

struct Interpreter {
  target::Address address;
  std::int64_t id = 0;
  target::Address gil;  // null in a free-threaded build

  bool operator==(const Interpreter&) const = default;
};

// All interpreters of the runtime; empty while it is not initialised.
[[nodiscard]] Faulty<std::vector<Interpreter>> list_interpreters(target::Memory& memory,
                                                                 const Layout& layout,
                                                                 target::Address runtime);

// Addresses of the thread states of an interpreter. A list that changes while it is read may be
// given in part; rings and absurd lengths are cut.
[[nodiscard]] Faulty<std::vector<target::Address>> list_threads(target::Memory& memory,
                                                                const Layout& layout,
                                                                target::Address interpreter);

// Whether the list hangs together: each thread state points back to its interpreter. Wrong where
// the layout is wrong, or the interpreter is not up yet.
[[nodiscard]] bool is_consistent(target::Memory& memory, const Layout& layout,
                                 target::Address runtime);

}  // namespace lancehead::python
