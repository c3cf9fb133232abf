// Keeps the time that a target loses to being stopped under a share of its time.
#pragma once

#include <algorithm>
#include <optional>

#include "base/clock.h"

namespace lancehead::sense {

class LossBudget {
 public:
  // `share` of the time may be lost; no value: no limit.
  LossBudget(std::optional<double> share, Nanoseconds now) : share_(share), updated_(now) {}

  // Whether a stop may be made now.
  [[nodiscard]] bool allows(Nanoseconds now) {
    if (!share_) {
      return true;
    }
    available_ += std::chrono::duration<double, std::nano>(now - updated_) * *share_;
    available_ = std::min(available_, kMostSaved * *share_);
    updated_ = now;
    return available_.count() > 0;
  }

  // The time until now was a pause, in which no budget is earned.
  void resume(Nanoseconds now) { updated_ = now; }

  // Notes what a stop cost; may run into debt, which is paid back before the next stop.
  void spend(Nanoseconds cost) { available_ -= cost; }

 private:
  using Duration = std::chrono::duration<double, std::nano>;

  // Time without stops does not pay for a burst of them later.
  static constexpr Duration kMostSaved = std::chrono::milliseconds(100);

  std::optional<double> share_;
  Nanoseconds updated_;
  Duration available_{};  // nothing to begin with: a short program is promised the same
};

}  // namespace lancehead::sense
