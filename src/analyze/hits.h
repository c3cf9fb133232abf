// How often each line was begun, exactly, from what was counted.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "profile/profile.h"

namespace lancehead::analyze {

struct FunctionHits {
  profile::FunctionId function;
  std::uint64_t calls = 0;
  // By line; lines that have instructions but were never begun are there with 0.
  std::map<std::uint32_t, std::uint64_t> lines;
};

// Functions that the program itself named with `profile`; what is said of exact counts is said of
// these only. Empty where it named none: then of all.
[[nodiscard]] std::set<profile::FunctionId> chosen_functions(const profile::Profile& profile);

// Of each function that was counted (and is one of the chosen, if there are any), by file and line.
[[nodiscard]] std::vector<FunctionHits> function_hits(const profile::Profile& profile);

}  // namespace lancehead::analyze
