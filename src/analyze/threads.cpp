#include "analyze/threads.h"

#include <algorithm>
#include <map>

#include "profile/sample_time.h"

namespace lancehead::analyze {
namespace {

using profile::Profile;
using schema::ContextKind;

constexpr std::string_view kCpuMetric = "cpu";

}  // namespace

std::vector<ThreadRow> threads(const Profile& profile, const Selection& selection) {
  const auto& samples = profile.tables().samples;
  std::map<std::uint32_t, ThreadRow> by_context;
  for (const std::uint32_t row : selection.samples) {
    ThreadRow& thread = by_context[samples.context[row].value];
    thread.thread = profile.thread_of(samples.context[row]);
    thread.split.add(samples, row);
    ++thread.samples;
  }
  std::vector<ThreadRow> rows;
  for (const auto& [context, row] : by_context) {
    rows.push_back(row);
  }
  std::ranges::stable_sort(rows, std::ranges::greater(),
                           [](const ThreadRow& row) { return row.split.cpu; });
  return rows;
}

double CpuTotal::unseen() const {
  return process_is_known ? std::max(0.0, process - python - native) : 0;
}

CpuTotal cpu_total(const Profile& profile) {
  const auto& tables = profile.tables();
  CpuTotal total;
  for (std::size_t row = 0; row < tables.samples.size(); ++row) {
    total.python += profile::cpu_time(tables.samples, row);
  }
  total.process_is_known =
      tables.session_ends.size() > 0 && tables.session_ends.size() >= tables.sessions.size();
  for (std::size_t row = 0; row < tables.session_ends.size(); ++row) {
    total.process += static_cast<double>(tables.session_ends.user_cpu[row]) +
                     static_cast<double>(tables.session_ends.system_cpu[row]);
  }
  // The counter goes up, so its last value is the thread's CPU time.
  std::map<std::uint32_t, double> native;
  const auto& counters = tables.counter_samples;
  for (std::size_t row = 0; row < counters.size(); ++row) {
    const schema::ContextId context = counters.context[row];
    const schema::MetricId metric = counters.metric[row];
    if (!context.is_none() && !metric.is_none() &&
        tables.contexts.kind[context.row()] == ContextKind::native_thread &&
        profile.text(tables.metrics.name[metric.row()]) == kCpuMetric) {
      native[context.value] = static_cast<double>(counters.value[row]);
    }
  }
  for (const auto& [context, cpu] : native) {
    total.native += cpu;
  }
  total.native_threads = native.size();
  return total;
}

}  // namespace lancehead::analyze
