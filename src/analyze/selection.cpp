#include "analyze/selection.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <tuple>
#include <utility>

#include "profile/sample_time.h"

namespace lancehead::analyze {
namespace {

using profile::Profile;
using schema::ContextId;
using schema::LossReason;
using schema::ThreadState;

// Threads that are busy for less than this share of their time are idle.
constexpr double kIdle = 0.01;

bool matches(const profile::Thread& thread, const std::string& wanted) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), number);
  const bool is_number = error == std::errc() && end == wanted.data() + wanted.size();
  return thread.name == wanted || (is_number && thread.os_id == number);
}

// For each context whether its samples are asked for.
std::vector<bool> wanted_contexts(const Profile& profile, const std::string& thread) {
  std::vector<bool> wanted(profile.tables().contexts.size(), thread.empty());
  for (const profile::Thread& candidate : profile.threads()) {
    if (!thread.empty() && matches(candidate, thread)) {
      wanted[candidate.context.row()] = true;
    }
  }
  return wanted;
}

std::vector<std::uint32_t> pick_samples(const Profile& profile, const Query& query) {
  const auto wanted = wanted_contexts(profile, query.thread);
  const auto& samples = profile.tables().samples;
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < samples.size(); ++row) {
    const ContextId context = samples.context[row];
    const bool is_wanted = context.is_none() ? query.thread.empty() : wanted[context.row()];
    if (is_wanted && (!query.only_with_gil || samples.state[row] == ThreadState::holds_gil)) {
      rows.push_back(row);
    }
  }
  std::ranges::stable_sort(rows, {}, [&samples](std::uint32_t row) {
    return std::tuple(samples.context[row].value, samples.time[row]);
  });
  return rows;
}

// Wall time means most to a person where there is one thread; where there are several, the time
// that they lie blocked would bury what they do. Unless they do nothing else.
Clock choose_clock(const Profile& profile, const std::vector<std::uint32_t>& rows) {
  const auto& samples = profile.tables().samples;
  TimeSplit split;
  std::set<std::uint32_t> threads;
  for (const std::uint32_t row : rows) {
    split.add(samples, row);
    threads.insert(samples.context[row].value);
  }
  return threads.size() <= 1 || split.busy() < kIdle * split.wall ? Clock::wall : Clock::busy;
}

double value_of(const schema::SampleTable& samples, std::uint32_t row, Clock clock) {
  const ThreadState state = samples.state[row];
  switch (clock) {
    case Clock::wall: return static_cast<double>(samples.weight[row]);
    case Clock::busy:
      return state == ThreadState::blocked || state == ThreadState::stopped
                 ? 0
                 : static_cast<double>(samples.weight[row]);
    case Clock::cpu: return profile::cpu_time(samples, row);
  }
  return 0;
}

// Looks that failed for a reason that has to do with what the program did. A look that came too
// late, or before the interpreter was up, says nothing of the program.
bool may_bias(LossReason reason) {
  switch (reason) {
    case LossReason::unreadable:
    case LossReason::changed:
    case LossReason::implausible:
    case LossReason::stop_failed:
    case LossReason::budget: return true;
    case LossReason::late:
    case LossReason::starting:
    case LossReason::ending:
    case LossReason::replaced: return false;
  }
  return true;
}

double unseen_share(const Profile& profile, std::size_t sample_count) {
  const auto& losses = profile.tables().losses;
  double failed = 0;
  for (std::size_t row = 0; row < losses.size(); ++row) {
    if (may_bias(losses.reason[row])) {
      failed += static_cast<double>(losses.count[row]);
    }
  }
  const double all = failed + static_cast<double>(sample_count);
  return all > 0 ? failed / all : 0;
}

}  // namespace

Selection select(const Profile& profile, const Query& query) {
  std::vector<std::uint32_t> rows = pick_samples(profile, query);
  const auto& samples = profile.tables().samples;
  const Clock clock = query.clock.value_or(choose_clock(profile, rows));
  std::vector<double> values;
  TimeSplit split;
  std::set<std::uint32_t> threads;
  for (const std::uint32_t row : rows) {
    values.push_back(std::max(0.0, value_of(samples, row, clock)));
    split.add(samples, row);
    threads.insert(samples.context[row].value);
  }
  return {.clock = clock,
          .samples = std::move(rows),
          .weights = SampleWeights(std::move(values)),
          .split = split,
          .unseen = unseen_share(profile, samples.size()),
          .thread_count = threads.size()};
}

bool has_thread(const Profile& profile, const std::string& wanted) {
  return std::ranges::any_of(profile.threads(), [&wanted](const profile::Thread& thread) {
    return matches(thread, wanted);
  });
}

Share make_share(const Selection& selection, const ShareEstimator& estimator, double floor) {
  const double share = estimator.share(selection.weights);
  return {.time = estimator.sum(),
          .share = share,
          .interval = widen(estimator.interval(selection.weights), share, selection.unseen, floor),
          .draws = estimator.draws(selection.weights)};
}

}  // namespace lancehead::analyze
