#include "sense/call_rows.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>
#include <vector>

#include "agent/call_format.h"
#include "agent/call_reader.h"
#include "agent/tick_clock.h"

namespace lancehead::sense {
namespace {

using agent::ReadCall;
using Process = agent::ShareReader::Process;

// From an agent's ticks to nanoseconds.
class TickScale {
 public:
  explicit TickScale(const agent::CallsRecord& record)
      : clock_(static_cast<agent::TickClock>(record.clock)) {
    const std::uint64_t now = agent::ticks(clock_);
    const std::uint64_t monotonic = agent::monotonic_ticks();
    if (clock_ != agent::TickClock::monotonic && now > record.ticks &&
        monotonic > record.monotonic) {
      rate_ = static_cast<double>(monotonic - record.monotonic) /
              static_cast<double>(now - record.ticks);
    }
    end_ = now;
  }

  [[nodiscard]] std::uint64_t end() const { return end_; }
  [[nodiscard]] std::int64_t nanoseconds(std::uint64_t ticks) const {
    return std::llround(static_cast<double>(ticks) * rate_);
  }

 private:
  agent::TickClock clock_;
  double rate_ = 1;  // ns of a tick
  std::uint64_t end_ = 0;
};

// Whether each path is the first on it to call its callee; the calls of a path are all alike in
// that.
std::vector<bool> find_primitive(std::span<const ReadCall> calls) {
  std::vector<bool> primitive(calls.size());
  std::unordered_map<std::uint32_t, std::size_t> open;
  std::vector<std::uint32_t> path;
  for (std::uint32_t i = 0; i < calls.size(); ++i) {
    while (!path.empty() && path.back() != calls[i].parent) {
      --open[calls[path.back()].callee];
      path.pop_back();
    }
    primitive[i] = open[calls[i].callee]++ == 0;
    path.push_back(i);
  }
  return primitive;
}

class CallWriter {
 public:
  CallWriter(CaptureLog& log, std::span<const schema::CodeId> codes) : log_(&log), codes_(codes) {}

  void write(const Process& process, const agent::ReadCallThread& thread, schema::ContextId context,
             const TickScale& scale) {
    std::vector<std::int64_t> total;
    for (const ReadCall& call : thread.calls) {
      total.push_back(scale.nanoseconds(call.ticks));
    }
    std::vector<std::int64_t> self = total;
    for (std::size_t i = 0; i < total.size(); ++i) {
      if (thread.calls[i].parent != ReadCall::kRoot) {
        self[thread.calls[i].parent] -= total[i];
      }
    }
    const std::vector<bool> primitive = find_primitive(thread.calls);
    std::vector<schema::StackId> stacks(thread.calls.size());
    for (std::size_t i = 0; i < total.size(); ++i) {
      const ReadCall& call = thread.calls[i];
      const schema::StackId caller =
          call.parent == ReadCall::kRoot ? schema::StackId() : stacks[call.parent];
      const schema::CodeId callee = code_of(process, call.callee);
      if (callee.is_none()) {
        stacks[i] = caller;
        continue;
      }
      stacks[i] = log_->stack(caller, log_->frame(callee, -1));
      if (call.count != 0 || self[i] != 0) {
        log_->append(schema::CallRow{.context = context,
                                     .caller = caller,
                                     .callee = callee,
                                     .count = call.count,
                                     .primitive = primitive[i] ? call.count : 0,
                                     .total = total[i],
                                     .self = self[i]});
      }
    }
  }

 private:
  [[nodiscard]] schema::CodeId code_of(const Process& process, std::uint32_t callee) const {
    if (callee >= process.lineage.size() || process.lineage[callee] >= codes_.size()) {
      return {};
    }
    return codes_[process.lineage[callee]];
  }

  CaptureLog* log_;
  std::span<const schema::CodeId> codes_;
};

void write_metric(CaptureLog& log, const char* name, const char* unit, schema::ContextId context,
                  Nanoseconds now, std::uint64_t value) {
  const schema::MetricId metric = log.append(schema::MetricRow{
      .name = log.text(name), .unit = log.text(unit), .kind = schema::MetricKind::gauge});
  log.append(schema::CounterSampleRow{.time = log.time_of(now),
                                      .context = context,
                                      .metric = metric,
                                      .value = static_cast<std::int64_t>(value)});
}

}  // namespace

void write_calls(CaptureLog& log, const agent::ShareReader& share,
                 std::span<const schema::CodeId> codes, schema::ContextId process,
                 Nanoseconds now) {
  CallWriter writer(log, codes);
  std::uint64_t lost = 0;
  std::uint64_t dropped = 0;
  std::uint64_t unmatched = 0;
  bool first = true;
  for (const Process& from : share.processes()) {
    if (!from.call_clock) {
      continue;
    }
    const TickScale scale(*from.call_clock);
    schema::ContextId process_context = process;
    bool own = from.record.parent == agent::kNoProcess && first;
    if (own) {
      first = false;
      const agent::CallsRecord& record = *from.call_clock;
      const std::uint64_t costs[] = {record.python.inside, record.python.outside,
                                     record.native.inside, record.native.outside};
      for (std::size_t i = 0; i < std::size(costs); ++i) {
        write_metric(log, kCallCostMetrics[i], "ps", process, now,
                     static_cast<std::uint64_t>(scale.nanoseconds(costs[i])));
      }
      write_metric(log, "calls seen by", "CallEvents", process, now, record.events);
    }
    bool known = own;
    for (const auto& [number, segments] : from.calls) {
      const agent::ReadCallThread thread = agent::read_calls(share, segments, scale.end());
      lost += thread.lost;
      dropped += thread.dropped;
      unmatched += thread.unmatched;
      if (std::ranges::none_of(thread.calls,
                               [](const ReadCall& call) { return call.count != 0; })) {
        continue;
      }
      if (!known) {
        known = true;
        process_context = log.append(schema::ContextRow{.kind = schema::ContextKind::process,
                                                        .parent = process,
                                                        .os_id = from.record.process_id,
                                                        .started = log.time_of(now)});
      }
      schema::ContextId context = own ? log.thread(thread.kernel_id) : schema::ContextId();
      if (context.is_none()) {
        context = log.append(schema::ContextRow{.kind = schema::ContextKind::thread,
                                                .parent = process_context,
                                                .os_id = thread.kernel_id,
                                                .started = log.time_of(now)});
      }
      writer.write(from, thread, context, scale);
    }
  }
  if (!first) {
    write_metric(log, "calls lost", "times", process, now, lost);
    write_metric(log, "calls without an end", "times", process, now, dropped);
    write_metric(log, "ends without a call", "times", process, now, unmatched);
  }
}

}  // namespace lancehead::sense
