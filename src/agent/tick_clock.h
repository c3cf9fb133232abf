// The cheapest clock that there is: the processor's counter of time where the kernel itself trusts
// it, else the kernel's monotonic clock.
#pragma once

#include <cstdint>
#include <ctime>

#if defined(__x86_64__)
#include <cpuid.h>
#include <x86intrin.h>
#endif

namespace lancehead::agent {

enum class TickClock : std::uint8_t {
  monotonic = 0,  // a tick is a nanosecond of CLOCK_MONOTONIC
  processor = 1,  // the time-stamp counter, or what stands for it
};

[[nodiscard]] inline std::uint64_t monotonic_ticks() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  constexpr std::uint64_t kSecond = 1'000'000'000;
  return static_cast<std::uint64_t>(now.tv_sec) * kSecond + static_cast<std::uint64_t>(now.tv_nsec);
}

[[nodiscard]] inline std::uint64_t processor_ticks() {
#if defined(__x86_64__)
  return __rdtsc();
#elif defined(__aarch64__)
  std::uint64_t value = 0;
  asm volatile("mrs %0, cntvct_el0" : "=r"(value));
  return value;
#else
  return monotonic_ticks();
#endif
}

[[nodiscard]] inline std::uint64_t ticks(TickClock clock) {
  return clock == TickClock::processor ? processor_ticks() : monotonic_ticks();
}

// Whether the processor's counter runs evenly, at one rate for ever.
[[nodiscard]] inline bool has_steady_ticks() {
#if defined(__x86_64__)
  constexpr unsigned kPowerLeaf = 0x80000007;
  constexpr unsigned kInvariant = 1U << 8U;
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  return __get_cpuid(kPowerLeaf, &a, &b, &c, &d) != 0 && (d & kInvariant) != 0;
#elif defined(__aarch64__)
  return true;  // the generic timer is
#else
  return false;
#endif
}

}  // namespace lancehead::agent
