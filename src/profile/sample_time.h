// The times that a sample stands for, where they are not columns themselves.
#pragma once

#include <cstddef>

#include "schema/tables.h"

namespace lancehead::profile {

// The CPU time of a sample, in nanoseconds.
[[nodiscard]] inline double cpu_time(const schema::SampleTable& samples, std::size_t row) {
  constexpr double kMillion = 1e6;
  return static_cast<double>(samples.weight[row]) * static_cast<double>(samples.cpu_share[row]) /
         kMillion;
}

}  // namespace lancehead::profile
