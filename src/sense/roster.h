// Which interpreters and threads there are right now, kept up to date with one read a sweep.
#pragma once

#include <vector>

#include "base/fault.h"
#include "python/gil.h"
#include "python/layout.h"
#include "python/thread_state.h"
#include "target/memory.h"
#include "target/read_batch.h"

namespace lancehead::sense {

struct RosterThread {
  target::Address address;
  python::ThreadState state;
};

struct RosterInterpreter {
  python::Interpreter interpreter;
  python::GilState gil;
  bool collecting = false;  // garbage
  std::vector<RosterThread> threads;
};

class Roster {
 public:
  Roster(target::Memory& memory, const python::Layout& layout, target::Address runtime)
      : memory_(memory), layout_(layout), runtime_(runtime) {}

  // Reads the lists and all heads anew. Returns whether threads came or went. Faults: gone,
  // denied, unmapped (the runtime is not there any more), changed (it would not hold still).
  [[nodiscard]] Faulty<bool> refresh();

  // What refresh() reads, for a look to read along; nothing as long as there is nothing to expect.
  [[nodiscard]] target::ReadBatch* to_carry() { return batch_.empty() ? nullptr : &batch_; }

  // Whether what a look read along is whole and as expected. Else refresh() is to be called.
  [[nodiscard]] bool take_carried() { return batch_.all_read() && take(); }

  [[nodiscard]] const std::vector<RosterInterpreter>& interpreters() const { return interpreters_; }

 private:
  using Slot = target::ReadBatch::Slot;

  [[nodiscard]] Faulty<void> rebuild();
  void lay_out();
  // Takes the values out of the batch; whether the links are those expected.
  [[nodiscard]] bool take();

  target::Memory& memory_;
  const python::Layout& layout_;
  target::Address runtime_;
  std::vector<RosterInterpreter> interpreters_;
  target::ReadBatch batch_;
};

}  // namespace lancehead::sense
