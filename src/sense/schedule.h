// When to look next.
//
// The gaps are drawn evenly from half the period to one and a half, so that no periodic program
// runs in step with the sampler. They reach from one planned moment to the next, so that what a
// look takes does not lower the rate. A look that ends after the next one was due moves all later
// ones: no bursts to catch up.
#pragma once

#include <cstdint>

#include "base/clock.h"

namespace lancehead::sense {

class Schedule {
 public:
  Schedule(Nanoseconds period, std::uint64_t seed) : period_(period), state_(seed | 1U) {}

  // The moment after `now` at which to look. A period of zero means at once.
  [[nodiscard]] Nanoseconds next(Nanoseconds now) {
    if (period_.count() == 0) {
      return now;
    }
    planned_ += gap();
    if (planned_ < now) {
      planned_ = now + gap();
    }
    return planned_;
  }

  [[nodiscard]] Nanoseconds period() const { return period_; }

 private:
  Nanoseconds gap() {
    const auto half = static_cast<std::uint64_t>(period_.count() / 2);
    return Nanoseconds(static_cast<std::int64_t>(half + draw() % (2 * half + 1)));
  }

  // xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators", 2016.
  std::uint64_t draw() {
    state_ ^= state_ >> 12U;
    state_ ^= state_ << 25U;
    state_ ^= state_ >> 27U;
    return (state_ * 0x2545F4914F6CDD1DULL) >> 11U;
  }

  Nanoseconds period_;
  Nanoseconds planned_{};
  std::uint64_t state_;
};

}  // namespace lancehead::sense
