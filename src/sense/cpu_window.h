// Shares the CPU time that the kernel counts for a thread out among the thread's samples.
//
// The kernel's count moves at its ticks, some milliseconds apart: no single sample has a CPU time
// of its own. Samples are held back for a window, and its total goes to those of them in which the
// thread ran, each by its weight.
#pragma once

#include <vector>

#include "base/clock.h"
#include "schema/tables.h"
#include "sense/capture_log.h"
#include "sense/thread_track.h"

namespace lancehead::sense {

class CpuWindow {
 public:
  // Long enough for several ticks of the slowest kernel configuration (100 a second).
  static constexpr Nanoseconds kLength = std::chrono::milliseconds(20);

  void add(ThreadTrack& thread, const schema::SampleRow& sample) {
    if (samples_.empty()) {
      began_ = Nanoseconds(sample.time);
    }
    samples_.push_back({&thread, sample});
  }

  [[nodiscard]] bool is_due(std::int64_t time) const {
    return !samples_.empty() && Nanoseconds(time) - began_ >= kLength;
  }

  // Writes the samples, in their order.
  void close(CaptureLog& log);

 private:
  struct Held {
    ThreadTrack* thread;
    schema::SampleRow row;
  };

  void share_out(ThreadTrack& thread);

  Nanoseconds began_{};
  std::vector<Held> samples_;
  std::vector<ThreadTrack*> threads_;
};

}  // namespace lancehead::sense
