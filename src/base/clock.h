// Clocks of this machine, in nanoseconds.
#pragma once

#include <chrono>

namespace lancehead {

using Nanoseconds = std::chrono::nanoseconds;

// CLOCK_MONOTONIC: the time base of every recording.
[[nodiscard]] Nanoseconds monotonic_now();

// CLOCK_REALTIME since 1970: only for the anchor of a session.
[[nodiscard]] Nanoseconds wall_clock_now();

// CPU time used so far by this process, all threads.
[[nodiscard]] Nanoseconds own_cpu_time();

}  // namespace lancehead
