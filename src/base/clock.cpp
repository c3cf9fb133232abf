#include "base/clock.h"

#include <ctime>

namespace lancehead {
namespace {

Nanoseconds read_clock(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return std::chrono::seconds(now.tv_sec) + Nanoseconds(now.tv_nsec);
}

}  // namespace

Nanoseconds monotonic_now() {
  return read_clock(CLOCK_MONOTONIC);
}
Nanoseconds wall_clock_now() {
  return read_clock(CLOCK_REALTIME);
}
Nanoseconds own_cpu_time() {
  return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

}  // namespace lancehead
