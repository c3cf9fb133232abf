// Decides, before a look, whether a thread is to be stopped for it.
//
// Looks that fail because the thread moved are no fair sample: short functions fail most. So the
// decision is made from the looks before, never from the one at hand: while hardly any of them
// failed, reading is enough (the bias is at most the share that fails); else every look is a stop.
#pragma once

#include <bitset>
#include <cstddef>

namespace lancehead::sense {

class StillnessPolicy {
 public:
  // Notes a look that compared two readings.
  void note(bool moved) {
    failures_ -= recent_[next_] ? 1U : 0U;
    recent_[next_] = moved;
    failures_ += moved ? 1U : 0U;
    next_ = (next_ + 1) % kWindow;
    seen_ += seen_ < kWindow ? 1U : 0U;
    if (moving_) {
      moving_ = seen_ < kWindow || failures_ > kFailuresToBecomeStill;
    } else {
      moving_ = failures_ > kFailuresToBecomeMoving;
    }
  }

  // A thread of which nothing is known yet is taken to move.
  [[nodiscard]] bool is_moving() const { return moving_; }

 private:
  static constexpr std::size_t kWindow = 128;
  static constexpr std::size_t kFailuresToBecomeStill = 0;
  static constexpr std::size_t kFailuresToBecomeMoving = 2;

  std::bitset<kWindow> recent_;
  std::size_t next_ = 0;
  std::size_t seen_ = 0;
  std::size_t failures_ = 0;
  bool moving_ = true;
};

}  // namespace lancehead::sense
