// Where the frames outside the data stack are expected: those of generators and coroutines, and on
// 3.8 to 3.10, where every frame is an object of its own, all of them.
//
// Every place costs the kernel some tenths of a microsecond at each look, so that frames that were
// not met for a while are forgotten.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "python/stack.h"
#include "target/memory.h"

namespace lancehead::python {
class FrameCopy;
}

namespace lancehead::sense {

class ExpectedFrames {
 public:
  // In the order in which they are to be read.
  [[nodiscard]] std::span<const target::Address> in_order() const { return frames_; }

  void clear();

  // Drops, now and then, what was not met for a while. Returns whether it dropped anything.
  [[nodiscard]] bool forget_unmet();

  // After a look at a thread with a data stack. `copy` holds what was read, the expected frames
  // from its piece `first` on. Returns whether more is expected now.
  [[nodiscard]] bool learn_from_walk(const python::FrameCopy& copy, std::size_t first,
                                     std::size_t depth);

  // The same where all frames are objects: the next stack will most likely be this one.
  [[nodiscard]] bool learn_chain(const python::RawStack& stack);

 private:
  std::vector<target::Address> frames_;
  std::vector<bool> met_;  // which of these, since unmet ones were forgotten
  int looks_ = 0;          // since then
};

}  // namespace lancehead::sense
