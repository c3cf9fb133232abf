#include "cli/run_report.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <utility>

#include "cli/message.h"
#include "profile/profile.h"
#include "show/report.h"
#include "show/terminal.h"

namespace lancehead::cli {

void print_run_report(FinishedRecording finished, const RunOptions& run,
                      const std::filesystem::path& path) {
  const profile::Profile profile(std::move(finished.recording));
  fmt::print(stderr, "\n");
  const auto printed = show::print_report(profile, run.report,
                                          show::decide_terminal(STDERR_FILENO, run.color), stderr);
  if (!printed) {
    say_error(printed.error());
  }
  for (const std::string& note : finished.notes) {
    say(note);
  }
  fmt::print(stderr, "\n");
  say(fmt::format("recorded to {0}; see it all with: lancehead view {0}", path.string()));
}

}  // namespace lancehead::cli
