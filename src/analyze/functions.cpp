#include "analyze/functions.h"

#include <algorithm>
#include <tuple>

#include "analyze/stack_keys.h"

namespace lancehead::analyze {
namespace {

using profile::FunctionId;
using profile::Profile;

std::vector<std::vector<Key>> functions_of_frames(const Profile& profile) {
  std::vector<std::vector<Key>> keys(profile.tables().frames.size());
  for (std::size_t row = 0; row < keys.size(); ++row) {
    if (const FunctionId function = profile.function_of(schema::FrameId(row))) {
      keys[row].push_back(function.value);
    }
  }
  return keys;
}

struct Sums {
  ShareEstimator self;
  ShareEstimator total;
  TimeSplit self_split;
  TimeSplit total_split;
};

}  // namespace

std::vector<FunctionRow> functions(const Profile& profile, const Selection& selection) {
  const auto& samples = profile.tables().samples;
  const StackKeys stack_keys(profile.tables(), functions_of_frames(profile));
  std::vector<Sums> sums(profile.functions().size());
  for (std::size_t i = 0; i < selection.samples.size(); ++i) {
    const std::uint32_t row = selection.samples[i];
    for (const Key key : stack_keys.of(samples.stack[row])) {
      sums[key].total.add(selection.weights, i);
      sums[key].total_split.add(samples, row);
    }
    if (const FunctionId leaf = profile.function_of(profile.leaf_of(samples.stack[row]))) {
      sums[leaf.row()].self.add(selection.weights, i);
      sums[leaf.row()].self_split.add(samples, row);
    }
  }
  std::vector<FunctionRow> rows;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (sums[i].total.samples() > 0) {
      rows.push_back({.function = FunctionId(i),
                      .self = make_share(selection, sums[i].self),
                      .total = make_share(selection, sums[i].total),
                      .self_split = sums[i].self_split,
                      .total_split = sums[i].total_split});
    }
  }
  std::ranges::stable_sort(rows, std::ranges::greater(), [](const FunctionRow& row) {
    return std::tuple(row.self.time, row.total.time);
  });
  return rows;
}

}  // namespace lancehead::analyze
