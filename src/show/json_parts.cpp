#include "show/json_parts.h"

#include "analyze/summary.h"

namespace lancehead::show {

Json time_json(double nanoseconds) {
  return static_cast<std::int64_t>(nanoseconds);
}

Json share_json(const analyze::Share& share) {
  return {{"ns", time_json(share.time)},
          {"share", share.share},
          {"low", share.interval.low},
          {"high", share.interval.high}};
}

Json function_json(const profile::Profile& profile, profile::FunctionId id) {
  if (id.is_none()) {
    return nullptr;
  }
  const profile::Function& function = profile.function(id);
  return {{"name", function.name},
          {"file", function.file},
          {"first_line", function.first_line},
          {"kind", schema::to_string(function.kind)}};
}

Json summary_json(const profile::Profile& profile) {
  const analyze::Summary summary = analyze::summarize(profile);
  Json losses = Json::array();
  for (const analyze::LossRow& loss : summary.losses) {
    losses.push_back({{"reason", schema::to_string(loss.reason)},
                      {"count", loss.count},
                      {"ns", time_json(loss.weight)}});
  }
  return {{"command", summary.command},
          {"python", summary.python_version},
          {"processes", summary.processes},
          {"threads", summary.threads},
          {"wall_ns", time_json(summary.wall)},
          {"cpu_ns", time_json(summary.cpu)},
          {"samples", summary.samples},
          {"stopped_samples", summary.stopped_samples},
          {"lost", summary.lost},
          {"losses", losses},
          {"wanted_rate_hz", summary.wanted_rate},
          {"reached_rate_hz", summary.reached_rate},
          {"stops", summary.stops},
          {"time_lost_ns", time_json(summary.time_lost)},
          {"profiler_cpu_ns", time_json(summary.profiler_cpu)},
          {"ended_well", summary.ended_well},
          {"complete", profile.damage().complete},
          {"damage", profile.damage().sentences}};
}

const char* clock_name(analyze::Clock clock) {
  switch (clock) {
    case analyze::Clock::wall: return "wall";
    case analyze::Clock::busy: return "busy";
    case analyze::Clock::cpu: return "cpu";
  }
  return "";
}

}  // namespace lancehead::show
