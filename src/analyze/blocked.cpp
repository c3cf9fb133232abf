#include "analyze/blocked.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analyze/system_call_table.h"

namespace lancehead::analyze {

std::string system_call_name(std::int32_t number) {
  if (number < 0) {
    return "page fault";  // asleep in the kernel outside of any call
  }
  const auto found = std::ranges::find(kSystemCalls, number, &SystemCall::number);
  return found == std::end(kSystemCalls) ? fmt::format("call {}", number) : found->name;
}

std::vector<BlockedRow> blocked(const profile::Profile& profile, const Selection& selection) {
  const auto& samples = profile.tables().samples;
  std::map<std::pair<std::int32_t, LinePlace>, double> times;
  for (const std::uint32_t row : selection.samples) {
    if (samples.state[row] != schema::ThreadState::blocked) {
      continue;
    }
    LinePlace place;
    if (const schema::FrameId leaf = profile.leaf_of(samples.stack[row])) {
      place = {.function = profile.function_of(leaf), .line = profile.position_of(leaf).line};
    }
    times[{samples.system_call[row], place}] += static_cast<double>(samples.weight[row]);
  }
  std::vector<BlockedRow> rows;
  for (const auto& [key, time] : times) {
    rows.push_back({.system_call = system_call_name(key.first), .place = key.second, .time = time});
  }
  std::ranges::stable_sort(rows, std::ranges::greater(), &BlockedRow::time);
  return rows;
}

}  // namespace lancehead::analyze
