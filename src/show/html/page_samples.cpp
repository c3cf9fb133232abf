#include "show/html/page_samples.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "profile/sample_time.h"

namespace lancehead::show {
namespace {

PageState state_of(schema::ThreadState state) {
  switch (state) {
    case schema::ThreadState::holds_gil:
    case schema::ThreadState::without_gil: return PageState::able_to_run;
    case schema::ThreadState::waits_for_gil: return PageState::waits_for_gil;
    case schema::ThreadState::blocked: return PageState::blocked;
    case schema::ThreadState::stopped: return PageState::stopped;
    case schema::ThreadState::unknown: return PageState::unknown;
  }
  return PageState::unknown;
}

std::vector<PageSample> all_samples(const profile::Profile& profile,
                                    std::span<const std::int32_t> page_stacks) {
  const auto& samples = profile.tables().samples;
  std::vector<PageSample> rows;
  rows.reserve(samples.size());
  for (std::size_t row = 0; row < samples.size(); ++row) {
    const schema::StackId stack = samples.stack[row];
    rows.push_back({.thread = samples.context[row],
                    .time = samples.time[row],
                    .wall = std::max(0.0, static_cast<double>(samples.weight[row])),
                    .cpu = std::max(0.0, profile::cpu_time(samples, row)),
                    .held = samples.held[row],
                    .stack = stack.is_none() ? kNoRow : page_stacks[stack.row()],
                    .holder = samples.gil_holder[row],
                    .state = state_of(samples.state[row]),
                    .collecting = samples.flags[row].has(schema::SampleFlags::collecting),
                    .with_gil = samples.state[row] == schema::ThreadState::holds_gil});
  }
  std::ranges::stable_sort(
      rows, {}, [](const PageSample& row) { return std::pair(row.thread.value, row.time); });
  return rows;
}

// Merges the rows of one thread within one stretch of time after the other.
class Merger {
 public:
  explicit Merger(std::int64_t width) : width_(width) {}

  std::vector<PageSample> merge(const std::vector<PageSample>& rows) {
    for (const PageSample& row : rows) {
      const std::pair stretch(row.thread.value, stretch_of(row));
      if (stretch != stretch_) {
        place();
        stretch_ = stretch;
        begin_ = row.time - static_cast<std::int64_t>(row.wall);
      }
      add(row);
    }
    place();
    return std::move(merged_);
  }

 private:
  using Likeness =
      std::tuple<std::int32_t, PageState, bool, bool, decltype(schema::ContextId::value)>;

  // A row belongs where the middle of what it stands for lies.
  [[nodiscard]] std::int64_t stretch_of(const PageSample& row) const {
    return (row.time - static_cast<std::int64_t>(row.wall / 2)) / width_;
  }

  void add(const PageSample& row) {
    const auto [found, is_new] = by_likeness_.try_emplace(
        {row.stack, row.state, row.collecting, row.with_gil, row.holder.value}, merged_.size());
    if (is_new) {
      merged_.push_back(row);
      return;
    }
    PageSample& into = merged_[found->second];
    into.wall += row.wall;
    into.cpu += row.cpu;
    into.held += row.held;
    into.count += row.count;
  }

  // The rows of the stretch follow each other in the time that they stand for together.
  void place() {
    double end = static_cast<double>(begin_);
    for (; placed_ < merged_.size(); ++placed_) {
      end += merged_[placed_].wall;
      merged_[placed_].time = static_cast<std::int64_t>(end);
    }
    by_likeness_.clear();
  }

  std::int64_t width_;
  std::vector<PageSample> merged_;
  std::size_t placed_ = 0;
  std::pair<decltype(schema::ContextId::value), std::int64_t> stretch_{0, -1};
  std::int64_t begin_ = 0;
  std::map<Likeness, std::size_t> by_likeness_;
};

}  // namespace

PageSamples page_samples(const profile::Profile& profile, std::span<const std::int32_t> page_stacks,
                         std::size_t most) {
  PageSamples samples{.rows = all_samples(profile, page_stacks)};
  if (samples.rows.size() <= most) {
    return samples;
  }
  std::int64_t first = 0;
  std::int64_t last = 0;
  for (const PageSample& row : samples.rows) {
    first = std::min(first, row.time);
    last = std::max(last, row.time);
  }
  const std::int64_t span = std::max<std::int64_t>(last - first, 1);
  const auto rows = static_cast<std::int64_t>(std::max<std::size_t>(most, 1));
  for (std::int64_t width = std::max<std::int64_t>(span / rows, 1); samples.rows.size() > most;
       width *= 2) {
    samples.rows = Merger(width).merge(samples.rows);
    samples.resolution = width;
    if (width > span) {
      break;  // one stretch: all that are alike are one
    }
  }
  return samples;
}

}  // namespace lancehead::show
