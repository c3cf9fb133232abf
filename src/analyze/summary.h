// What was recorded, how well, and at what cost.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "profile/profile.h"
#include "schema/tables.h"

namespace lancehead::analyze {

struct LossRow {
  schema::LossReason reason{};
  std::uint64_t count = 0;
  double weight = 0;  // ns
};

// Times in ns.
struct Summary {
  std::string command;         // as it was typed; texts of the program, not escaped
  std::string python_version;  // "3.13.0"; empty where it is not known
  std::size_t processes = 0;
  std::size_t threads = 0;  // with samples
  double wall = 0;          // of the recording
  double cpu = 0;           // of all its processes
  bool ended_well = false;  // every session has its end: the figures are the kernel's
  std::size_t samples = 0;
  std::size_t stopped_samples = 0;
  std::vector<LossRow> losses;  // by count, largest first
  std::uint64_t lost = 0;
  double wanted_rate = 0;   // samples of each thread a second
  double reached_rate = 0;  // sweeps a second
  double time_lost = 0;     // by threads that were held, and by the stops themselves
  std::uint64_t stops = 0;
  double profiler_cpu = 0;
  bool free_threaded = false;
  bool jit = false;
};

[[nodiscard]] Summary summarize(const profile::Profile& profile);

}  // namespace lancehead::analyze
