#include "cli/report.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "analyze/call_edges.h"
#include "cli/exit_code.h"
#include "cli/message.h"
#include "cli/read_profile.h"
#include "cli/view.h"
#include "profile/profile.h"
#include "show/collapsed.h"
#include "show/json.h"
#include "show/lprof_file.h"
#include "show/pstats_file.h"
#include "show/report.h"
#include "show/selection.h"

namespace lancehead::cli {
namespace {

// For output that has no place for remarks of its own.
void say_damage(const profile::Profile& profile) {
  if (!profile.damage().complete) {
    say("The recording is incomplete: its recorder did not come to its end.");
  }
  for (const std::string& sentence : profile.damage().sentences) {
    say(sentence);
  }
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

show::CollapsedRoots roots_of(ExportRoots roots) {
  switch (roots) {
    case ExportRoots::none: return show::CollapsedRoots::none;
    case ExportRoots::thread: return show::CollapsedRoots::thread;
    case ExportRoots::process: return show::CollapsedRoots::process;
  }
  return show::CollapsedRoots::none;
}

}  // namespace

int exit_code_of(const profile::Profile& profile) {
  return profile.damage().complete && profile.damage().sentences.empty() ? kSuccess : kIncomplete;
}

Result<void> write_file(const std::string& path, const std::string& bytes, bool force) {
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), force ? "w" : "wx"));
  if (file == nullptr) {
    return errno == EEXIST
               ? fail(ErrorKind::io, fmt::format("`{}` exists already.", path),
                      "Add --force to replace it.")
               : fail(ErrorKind::io,
                      fmt::format("`{}` cannot be written: {}.", path, std::strerror(errno)),
                      "Name a file in a folder that is there and that you may write to.");
  }
  return show::write_text(file.get(), bytes, fmt::format("`{}`", path));
}

Result<std::string> exported(const profile::Profile& profile, const ExportRequest& request) {
  show::ReportOptions question;
  question.clock = request.clock;
  const auto selection = show::select_for(profile, question);
  if (!selection) {
    return std::unexpected(selection.error());
  }
  switch (request.format) {
    case ExportFormat::collapsed:
      return show::collapsed_stacks(profile, *selection, roots_of(request.roots));
    case ExportFormat::lprof: return show::lprof_file(profile, *selection);
    case ExportFormat::pstats:
      return show::pstats_file(profile, analyze::call_edges(profile, *selection));
  }
  return std::string();
}

void say_what_is_sampled(const profile::Profile& profile, ExportFormat format) {
  if (format == ExportFormat::pstats && profile.tables().calls.size() == 0) {
    say("There are no exact calls in this recording: where the file tells numbers of calls, these "
        "are numbers of samples.");
  }
}

int report(std::span<const Verb> /*verbs*/, const Options& options) {
  const ReportRequest& request = options.report;
  const auto profile = read_profile(request.recording);
  if (!profile) {
    return say_error(profile.error());
  }
  if (!request.html.empty()) {
    const auto written = write_page(*profile, request.recording, request.html, request.force);
    return written ? exit_code_of(*profile) : say_error(written.error());
  }
  const auto text = request.json
                        ? show::render_json(*profile, request.report)
                        : show::render_report(*profile, request.report,
                                              show::decide_terminal(STDOUT_FILENO, request.color));
  if (!text) {
    return say_error(text.error());
  }
  if (const auto written = show::write_text(stdout, *text, "the standard output"); !written) {
    return say_error(written.error());
  }
  return exit_code_of(*profile);
}

int export_recording(std::span<const Verb> /*verbs*/, const Options& options) {
  const ExportRequest& request = options.export_;
  const auto profile = read_profile(request.recording);
  if (!profile) {
    return say_error(profile.error());
  }
  if (request.format != ExportFormat::collapsed && request.output.empty() &&
      ::isatty(STDOUT_FILENO) == 1) {
    return say_error(
        {ErrorKind::usage, "This format is not for a terminal.", "Name a file with `-o FILE`."});
  }
  const auto text = exported(*profile, request);
  if (!text) {
    return say_error(text.error());
  }
  const auto written = request.output.empty()
                           ? show::write_text(stdout, *text, "the standard output")
                           : write_file(request.output, *text, request.force);
  if (!written) {
    return say_error(written.error());
  }
  say_what_is_sampled(*profile, request.format);
  say_damage(*profile);
  return exit_code_of(*profile);
}

}  // namespace lancehead::cli
