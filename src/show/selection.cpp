#include "show/selection.h"

#include <fmt/format.h>

#include <algorithm>

#include "show/names.h"

namespace lancehead::show {
namespace {

// Names for the message about a thread that is not there.
std::string some_threads(const profile::Profile& profile) {
  constexpr std::size_t kMost = 8;
  std::string names;
  const auto threads = profile.threads();
  for (std::size_t i = 0; i < std::min(kMost, threads.size()); ++i) {
    names += fmt::format("{}{} ({})", names.empty() ? "" : ", ", thread_name(&threads[i]),
                         threads[i].os_id);
  }
  return names + (threads.size() > kMost ? " and others" : "");
}

}  // namespace

std::optional<analyze::Clock> chosen_clock(ClockChoice choice) {
  switch (choice) {
    case ClockChoice::automatic: return std::nullopt;
    case ClockChoice::wall: return analyze::Clock::wall;
    case ClockChoice::busy: return analyze::Clock::busy;
    case ClockChoice::cpu: return analyze::Clock::cpu;
  }
  return std::nullopt;
}

Result<analyze::Selection> select_for(const profile::Profile& profile,
                                      const ReportOptions& options) {
  if (!options.thread.empty() && !analyze::has_thread(profile, options.thread)) {
    return fail(ErrorKind::usage, fmt::format("The recording has no thread `{}`.", options.thread),
                fmt::format("It has {}.", some_threads(profile)));
  }
  return analyze::select(profile, {.clock = chosen_clock(options.clock),
                                   .thread = options.thread,
                                   .only_with_gil = options.only_with_gil});
}

}  // namespace lancehead::show
