#include "analyze/gil.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

namespace lancehead::analyze {
namespace {

using profile::Profile;
using schema::ThreadState;

LinePlace place_of(const Profile& profile, std::uint32_t sample) {
  const schema::FrameId leaf = profile.leaf_of(profile.tables().samples.stack[sample]);
  if (leaf.is_none()) {
    return {};
  }
  return {.function = profile.function_of(leaf), .line = profile.position_of(leaf).line};
}

// Finds the sample that stands for a moment of a thread: the one whose weight reaches back over it.
// A holder that moves is not looked at in every sweep.
class Moments {
 public:
  explicit Moments(const schema::SampleTable& samples) : samples_(samples) {
    for (std::uint32_t row = 0; row < samples.size(); ++row) {
      rows_[samples.context[row].value].push_back(row);
    }
    for (auto& [context, rows] : rows_) {
      std::ranges::stable_sort(rows, {}, [&](std::uint32_t row) { return samples.time[row]; });
    }
  }

  [[nodiscard]] const std::uint32_t* find(schema::ContextId context, std::int64_t time) const {
    const auto thread = rows_.find(context.value);
    if (context.is_none() || thread == rows_.end()) {
      return nullptr;
    }
    const auto row = std::ranges::lower_bound(
        thread->second, time, {}, [&](std::uint32_t each) { return samples_.time[each]; });
    const bool covers =
        row != thread->second.end() && samples_.time[*row] - samples_.weight[*row] <= time;
    return covers ? &*row : nullptr;
  }

 private:
  const schema::SampleTable& samples_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> rows_;
};

}  // namespace

std::vector<GilWait> gil_waits(const Profile& profile, const Selection& selection) {
  const auto& samples = profile.tables().samples;
  if (!(selection.split.waiting > 0)) {
    return {};
  }
  const Moments moments(samples);
  std::map<LinePlace, std::map<LinePlace, double>> waits;
  for (const std::uint32_t row : selection.samples) {
    if (samples.state[row] != ThreadState::waits_for_gil) {
      continue;
    }
    const std::uint32_t* holder = moments.find(samples.gil_holder[row], samples.time[row]);
    waits[place_of(profile, row)][holder == nullptr ? LinePlace{} : place_of(profile, *holder)] +=
        static_cast<double>(samples.weight[row]);
  }
  std::vector<GilWait> rows;
  for (const auto& [place, holders] : waits) {
    GilWait wait{.place = place, .time = 0, .holders = {}};
    for (const auto& [holder, time] : holders) {
      wait.holders.push_back({.place = holder, .time = time});
      wait.time += time;
    }
    std::ranges::stable_sort(wait.holders, std::ranges::greater(), &HolderRow::time);
    rows.push_back(std::move(wait));
  }
  std::ranges::stable_sort(rows, std::ranges::greater(), &GilWait::time);
  return rows;
}

}  // namespace lancehead::analyze
