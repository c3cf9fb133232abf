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

  // After a look at a thread with a data stack. `copy` holds what was read, the expected frames
  // from its piece `first` on. Returns whether there is a change of what is expected.
  [[nodiscard]] bool learn_from_walk(const python::FrameCopy& copy, std::size_t first,
                                     std::size_t depth);

  // The same where all frames are objects. They will be read from the leaf to the root; where calls
  // go to and fro between a few functions, the frames of all of them are expected.
  [[nodiscard]] bool learn_chain(const python::FrameCopy& copy, const python::RawStack& stack);

 private:
  void note_met(const python::FrameCopy& copy, std::size_t first);
  [[nodiscard]] bool forget_unmet();
  [[nodiscard]] bool holds_in_order(const python::RawStack& stack) const;
  void expect_chain(const python::RawStack& stack);

  std::vector<target::Address> frames_;
  std::vector<bool> met_;     // which of these, since unmet ones were forgotten
  int until_forgetting_ = 0;  // looks
};

}  // namespace lancehead::sense
