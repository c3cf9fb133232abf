// What time was spent on: running, waiting, blocked.
#pragma once

#include <cstddef>

#include "schema/tables.h"

namespace lancehead::analyze {

// Nanoseconds. `running + ready + waiting + blocked + stopped + unknown` is `wall`; `collecting` is
// a part of all of them, `cpu` the CPU time (which `running` is, as far as it fits into wall time).
struct TimeSplit {
  double wall = 0;
  double cpu = 0;
  double able_to_run = 0;  // with or without the GIL
  double waiting = 0;      // for the GIL
  double blocked = 0;      // in a system call
  double stopped = 0;
  double unknown = 0;
  double collecting = 0;
  double with_gil = 0;

  // The CPU time is shared out over windows, so it may exceed the wall time of a few samples.
  [[nodiscard]] double running() const { return cpu < able_to_run ? cpu : able_to_run; }
  [[nodiscard]] double ready() const { return able_to_run - running(); }
  // The time in which it wanted a CPU or the GIL.
  [[nodiscard]] double busy() const { return wall - blocked - stopped; }

  void add(const schema::SampleTable& samples, std::size_t row);
};

}  // namespace lancehead::analyze
