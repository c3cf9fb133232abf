#include "analyze/summary.h"

#include <algorithm>
#include <set>

#include "analyze/threads.h"
#include "code/python_version.h"

namespace lancehead::analyze {
namespace {

using profile::Profile;
using schema::SessionFlags;
using schema::Tables;

constexpr double kSecond = 1e9;

void add_sessions(const Profile& profile, Summary& summary) {
  const auto& sessions = profile.tables().sessions;
  std::set<std::uint32_t> processes;
  for (std::size_t row = 0; row < sessions.size(); ++row) {
    processes.insert(sessions.process[row].value);
    summary.free_threaded |= sessions.flags[row].has(SessionFlags::free_threaded);
    summary.jit |= sessions.flags[row].has(SessionFlags::jit);
    if (summary.python_version.empty() && sessions.python_version[row] != 0) {
      summary.python_version =
          code::to_string(code::PythonVersion::from_hex(sessions.python_version[row]));
    }
    if (summary.command.empty()) {
      for (const schema::StringId argument : sessions.arguments[row]) {
        summary.command += summary.command.empty() ? "" : " ";
        summary.command += profile.text(argument);
      }
    }
    if (sessions.period[row] > 0 && summary.wanted_rate <= 0) {
      summary.wanted_rate = kSecond / static_cast<double>(sessions.period[row]);
    }
  }
  summary.processes = processes.size();
}

double first_start(const Tables& tables) {
  const auto& starts = tables.sessions.started;
  return starts.empty() ? 0 : static_cast<double>(*std::ranges::min_element(starts));
}

double last_time(const Tables& tables) {
  std::int64_t last = 0;
  for (const std::int64_t time : tables.samples.time) {
    last = std::max(last, time);
  }
  for (const std::int64_t time : tables.session_ends.time) {
    last = std::max(last, time);
  }
  return static_cast<double>(last);
}

void add_ends(const Tables& tables, Summary& summary) {
  const auto& ends = tables.session_ends;
  double sweeps = 0;
  double sweep_time = 0;
  for (std::size_t row = 0; row < ends.size(); ++row) {
    summary.stops += ends.stops[row];
    summary.time_lost +=
        static_cast<double>(ends.held[row]) +
        static_cast<double>(ends.stops[row]) * static_cast<double>(ends.stop_cost[row]);
    summary.profiler_cpu += static_cast<double>(ends.profiler_cpu[row]);
    sweeps += static_cast<double>(ends.sweeps[row]);
    sweep_time += static_cast<double>(ends.sweep_time[row]);
  }
  summary.reached_rate = sweep_time > 0 ? sweeps / sweep_time * kSecond : 0;
  summary.ended_well = ends.size() > 0 && ends.size() >= tables.sessions.size();
}

void add_samples(const Tables& tables, Summary& summary) {
  std::set<std::uint32_t> threads;
  for (std::size_t row = 0; row < tables.samples.size(); ++row) {
    threads.insert(tables.samples.context[row].value);
    summary.stopped_samples +=
        static_cast<std::size_t>(tables.samples.look[row] == schema::Look::stop);
  }
  summary.samples = tables.samples.size();
  summary.threads = threads.size();
}

void add_losses(const Tables& tables, Summary& summary) {
  std::map<schema::LossReason, LossRow> by_reason;
  for (std::size_t row = 0; row < tables.losses.size(); ++row) {
    LossRow& loss = by_reason[tables.losses.reason[row]];
    loss.reason = tables.losses.reason[row];
    loss.count += tables.losses.count[row];
    loss.weight += static_cast<double>(tables.losses.weight[row]);
    summary.lost += tables.losses.count[row];
  }
  for (const auto& [reason, loss] : by_reason) {
    summary.losses.push_back(loss);
  }
  std::ranges::stable_sort(summary.losses, std::ranges::greater(), &LossRow::count);
}

}  // namespace

Summary summarize(const Profile& profile) {
  const Tables& tables = profile.tables();
  Summary summary;
  add_sessions(profile, summary);
  add_ends(tables, summary);
  add_samples(tables, summary);
  add_losses(tables, summary);
  summary.wall = std::max(0.0, last_time(tables) - first_start(tables));
  const CpuTotal cpu = cpu_total(profile);
  summary.cpu = cpu.process_is_known ? cpu.process : cpu.python + cpu.native;
  return summary;
}

}  // namespace lancehead::analyze
