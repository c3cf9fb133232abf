// What can be asked on the command line: one struct for each verb, filled by its option table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "show/diff_options.h"
#include "show/report_options.h"
#include "show/terminal.h"

namespace CLI {
class App;
}

namespace lancehead::cli {

// How the program to profile was named.
enum class ProgramKind : std::uint8_t {
  none,
  script,   // script.py
  module,   // -m module
  code,     // -c code
  command,  // -- command
};

struct Program {
  ProgramKind kind = ProgramKind::none;
  std::string name;                    // the script, module, code or command
  std::vector<std::string> arguments;  // what follows it, untouched
};

enum class LookChoice : std::uint8_t { automatic, read, stop };

// How much of the program's time looking may cost. Beside exact counts, which cost some percent
// themselves, it is less by default.
struct Budget {
  static constexpr double kAlone = 2;
  static constexpr double kBesideCounts = 1;

  std::optional<double> percent;  // none: the default
  bool is_unlimited = false;
};

struct RunOptions {
  Program program;
  double rate = 1000;                   // samples of each thread in a second
  std::optional<Nanoseconds> duration;  // none: until the program ends
  Budget budget;
  std::optional<Nanoseconds> alternate;  // sample only in every other stretch; for benchmarks
  std::string python;                    // empty: `python3` of the active environment
  std::string output;                    // empty: a name made from the program's
  LookChoice look = LookChoice::automatic;
  bool counts = false;                // count lines, branches and calls exactly
  bool builtin_profile = false;       // `profile` among the builtins; implies counts
  std::string setup;                  // a file to run before the program, not counted
  bool calls = false;                 // count and time every call
  std::vector<std::string> included;  // globs of files to count beside the program's own
  std::vector<std::string> excluded;  // and of those not to
  bool force = false;                 // replace an existing recording
  bool keep_sources = true;
  bool quiet = false;  // nothing of ours on stderr but errors
  show::ColorChoice color = show::ColorChoice::automatic;
  show::ReportOptions report;
};

struct ReportRequest {
  std::string recording;
  show::ReportOptions report;
  show::ColorChoice color = show::ColorChoice::automatic;
  bool json = false;
  std::string html;    // the page to write; empty: text or JSON
  bool force = false;  // replace it if it exists
};

// What makes `diff` exit with a code of its own.
enum class FailOn : std::uint8_t { never, slower, any };

struct DiffRequest {
  std::string before;
  std::string after;
  show::DiffOptions diff;
  show::ColorChoice color = show::ColorChoice::automatic;
  bool json = false;
  FailOn fail_on = FailOn::never;
};

struct ViewRequest {
  std::string recording;
  std::string second;      // empty, or the one that it is compared with
  std::uint16_t port = 0;  // 0: a free one
  bool open_browser = true;
};

enum class ExportFormat : std::uint8_t { collapsed, pstats, lprof };
enum class ExportRoots : std::uint8_t { none, thread, process };

struct ExportRequest {
  std::string recording;
  ExportFormat format = ExportFormat::collapsed;
  ExportRoots roots = ExportRoots::none;
  show::ClockChoice clock = show::ClockChoice::automatic;
  std::string output;  // empty: stdout
  bool force = false;
};

// What `kernprof` of line_profiler takes, beside the program and `RunOptions`.
struct KernprofRequest {
  bool line_by_line = false;
  bool view = false;
  std::string output;  // empty: the program's name and .lprof, or .prof
};

enum class Shell : std::uint8_t { bash, zsh, fish };

struct Options {
  RunOptions run;
  ReportRequest report;
  DiffRequest diff;
  ViewRequest view;
  ExportRequest export_;
  KernprofRequest kernprof;
  Shell shell = Shell::bash;
};

// The option tables. Each adds its options to the verb's parser; help, manual page and shell
// completions are made from the same tables.
void declare_run(CLI::App& verb, Options& options);
void declare_kernprof(CLI::App& verb, Options& options);
void declare_report(CLI::App& verb, Options& options);
void declare_diff(CLI::App& verb, Options& options);
void declare_view(CLI::App& verb, Options& options);
void declare_export(CLI::App& verb, Options& options);
void declare_completions(CLI::App& verb, Options& options);
void declare_manual(CLI::App& verb, Options& options);

}  // namespace lancehead::cli
