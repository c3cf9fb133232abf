// Which samples a question is about, and how much each of them counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyze/statistics.h"
#include "analyze/time_split.h"
#include "profile/profile.h"

namespace lancehead::analyze {

// Which time a share is of.
enum class Clock : std::uint8_t {
  wall,  // all time of the threads
  busy,  // wall time in which the thread was not blocked in a system call
  cpu,   // CPU time
};

struct Query {
  std::optional<Clock> clock;  // none: wall where one thread did the work, else busy
  std::string thread{};        // name or kernel id; empty is all
  bool only_with_gil = false;
};

struct Selection {
  Clock clock = Clock::wall;
  std::vector<std::uint32_t> samples;  // rows of `samples`, by thread, then by time
  SampleWeights weights;               // what each counts, in ns; in the same order
  TimeSplit split;                     // of all of them together
  double unseen = 0;                   // share of time whose looks failed: the bound on bias
  std::size_t thread_count = 0;        // threads that have samples
};

[[nodiscard]] Selection select(const profile::Profile& profile, const Query& query);

// Whether a thread has this name or kernel id.
[[nodiscard]] bool has_thread(const profile::Profile& profile, const std::string& wanted);

// A figure and what share of the selection it is.
struct Share {
  double time = 0;  // ns
  double share = 0;
  Interval interval;
  double draws = 0;  // independent draws that the selection is worth for it
};

// Of a whole function or line; a single cheap instruction is known no better than
// `kExpressionFloor`, whatever the number of samples: between reading a thread and stopping it,
// its share differs by that much.
[[nodiscard]] Share make_share(const Selection& selection, const ShareEstimator& estimator,
                               double floor = 0);

inline constexpr double kExpressionFloor = 0.008;

}  // namespace lancehead::analyze
