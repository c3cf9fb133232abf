#include "cli/kernprof.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>

#include "cli/message.h"
#include "cli/report.h"
#include "cli/run.h"
#include "profile/profile.h"
#include "show/report.h"
#include "show/terminal.h"

namespace lancehead::cli {
namespace {

// As kernprof chooses it: in the working directory, whatever folder the script is in.
std::string output_of(const KernprofRequest& request, const Program& program) {
  if (!request.output.empty()) {
    return request.output;
  }
  const std::string name = program.kind == ProgramKind::code
                               ? "command"
                               : std::filesystem::path(program.name).filename().string();
  return name + (request.line_by_line ? ".lprof" : ".prof");
}

void print_results(const profile::Profile& profile, const KernprofRequest& request,
                   const RunOptions& run) {
  show::ReportOptions report = run.report;
  report.view = request.line_by_line ? show::ReportView::hits : show::ReportView::calls;
  report.limit = 0;
  fmt::print(stderr, "\n");
  const auto printed =
      show::print_report(profile, report, show::decide_terminal(STDERR_FILENO, run.color), stderr);
  if (!printed) {
    say_error(printed.error());
  }
}

void deliver(FinishedRecording finished, const Options& options,
             const std::filesystem::path& recording) {
  const KernprofRequest& request = options.kernprof;
  const profile::Profile profile(std::move(finished.recording));
  const std::string path = output_of(request, options.run.program);
  const ExportFormat format = request.line_by_line ? ExportFormat::lprof : ExportFormat::pstats;
  const auto bytes = exported(profile, {.format = format});
  const auto written =
      bytes ? write_file(path, *bytes, true) : Result<void>(std::unexpected(bytes.error()));
  if (!written) {
    say_error(written.error());
  }
  if (request.view) {
    print_results(profile, request, options.run);
  }
  if (options.run.quiet) {
    return;
  }
  for (const std::string& note : finished.notes) {
    say(note);
  }
  if (written) {
    say_what_is_sampled(profile, format);
    say(fmt::format("wrote {} for `python -m {} {}`", path,
                    request.line_by_line ? "line_profiler" : "pstats", path));
  }
  say(fmt::format("recorded to {0}; see more with: lancehead report {0}", recording.string()));
}

}  // namespace

int kernprof(std::span<const Verb> /*verbs*/, const Options& options) {
  RunOptions run = options.run;
  run.counts = options.kernprof.line_by_line;
  run.calls = !options.kernprof.line_by_line;
  run.builtin_profile = run.builtin_profile || run.counts;
  return run_and(run, [&](FinishedRecording finished, const std::filesystem::path& path) {
    deliver(std::move(finished), options, path);
  });
}

}  // namespace lancehead::cli
