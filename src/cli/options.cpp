#include "cli/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <span>
#include <string_view>
#include <utility>

namespace lancehead::cli {
namespace {

constexpr double kHighestRate = 1'000'000;
constexpr double kLongestDuration = 1e9;  // seconds: thirty years

[[noreturn]] void reject(const std::string& sentence) {
  throw CLI::ValidationError(sentence);
}

// A number in all of `text`, within [least, most]; else a sentence that names the option.
double number_in(std::string_view text, const char* option, double least, double most,
                 const char* meaning) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value) ||
      value < least || value > most) {
    reject(fmt::format("{} takes {} between {:.9g} and {:.9g}, not `{}`.", option, meaning, least,
                       most, text));
  }
  return value;
}

template <typename Enumeration>
struct Choice {
  const char* word;
  Enumeration value;
};

// An option that takes one of a few words. The words, joined by `|`, are its value's name, from
// which the shell completions are made; those behind the first `listed` are understood as well.
template <typename Enumeration, std::size_t kCount>
void add_choice(CLI::App& verb, const char* names, const Choice<Enumeration> (&choices)[kCount],
                Enumeration& target, const std::string& help, std::size_t listed = kCount) {
  std::string words;
  for (const auto& choice : std::span(choices).first(listed)) {
    words += (words.empty() ? "" : "|") + std::string(choice.word);
  }
  const std::vector<Choice<Enumeration>> known(choices, choices + kCount);
  const std::string all_names(names);
  const std::size_t dashes = all_names.rfind("--");
  const std::string option =
      dashes == std::string::npos ? "The " + all_names : all_names.substr(dashes);
  verb.add_option_function<std::string>(
          names,
          [known, words, option, &target](const std::string& text) {
            for (const auto& choice : known) {
              if (text == choice.word) {
                target = choice.value;
                return;
              }
            }
            reject(fmt::format("{} takes one of {}, not `{}`.", option, words, text));
          },
          help)
      ->type_name(words);
}

void add_text(CLI::App& verb, const char* names, const char* value, std::string& target,
              const char* help) {
  verb.add_option(names, target, help)->type_name(value);
}

void add_limit(CLI::App& verb, std::optional<std::size_t>& limit) {
  verb.add_option_function<std::string>(
          "-n,--limit",
          [&limit](const std::string& text) {
            limit =
                static_cast<std::size_t>(number_in(text, "--limit", 0, 1e6, "a number of rows"));
          },
          "Rows in each table; 0 shows all (default 10)")
      ->type_name("ROWS");
}

void add_clock(CLI::App& verb, show::ClockChoice& clock) {
  add_choice<show::ClockChoice>(verb, "--clock",
                                {{"auto", show::ClockChoice::automatic},
                                 {"wall", show::ClockChoice::wall},
                                 {"busy", show::ClockChoice::busy},
                                 {"cpu", show::ClockChoice::cpu}},
                                clock,
                                "The time that shares are of: wall, busy (wall without blocked "
                                "time) or cpu (default auto: wall for a program of one thread, "
                                "else busy)");
}

void add_color(CLI::App& verb, show::ColorChoice& color) {
  add_choice<show::ColorChoice>(verb, "--color",
                                {{"auto", show::ColorChoice::automatic},
                                 {"always", show::ColorChoice::always},
                                 {"never", show::ColorChoice::never}},
                                color, "When to colour (default auto: on a terminal)");
}

void add_recording(CLI::App& verb, std::string& recording) {
  verb.add_option("recording", recording, "The recording to read")->required()->type_name("FILE");
}

void add_report_options(CLI::App& verb, show::ReportOptions& report) {
  using show::ReportView;
  using show::SortOrder;
  add_choice<ReportView>(verb, "--by",
                         {{"function", ReportView::function},
                          {"line", ReportView::line},
                          {"expression", ReportView::expression},
                          {"instruction", ReportView::instruction},
                          {"hits", ReportView::hits},
                          {"thread", ReportView::thread},
                          {"tree", ReportView::tree},
                          {"calls", ReportView::calls}},
                         report.view,
                         "Show one table in full instead of the overview; instruction lists "
                         "the bytecode of the hottest functions, or of FUNCTION");
  add_choice<SortOrder>(
      verb, "--sort",
      {{"self", SortOrder::self},
       {"total", SortOrder::total},
       {"cpu", SortOrder::cpu},
       {"waiting", SortOrder::waiting},
       {"blocked", SortOrder::blocked},
       {"name", SortOrder::name},
       {"calls", SortOrder::calls},
       {"pcalls", SortOrder::pcalls},
       {"line", SortOrder::line},
       {"nfl", SortOrder::nfl},
       {"filename", SortOrder::filename},
       {"module", SortOrder::filename},
       {"stdname", SortOrder::stdname},
       {"ncalls", SortOrder::calls},
       {"time", SortOrder::self},
       {"tottime", SortOrder::self},
       {"cumulative", SortOrder::total},
       {"cumtime", SortOrder::total}},
      report.sort,
      "Order of the rows: own time, time with callees, CPU time, time waiting "
      "for the GIL, blocked time, or name; of calls, all keys of pstats (default self)",
      10);
  add_limit(verb, report.limit);
  add_text(verb, "--filter", "REGEX", report.filter,
           "Only rows whose function or file matches; plain text is a regular expression too");
  add_text(verb, "--callers", "REGEX", report.callers,
           "With --by calls: who called the functions that match");
  add_text(verb, "--callees", "REGEX", report.callees,
           "With --by calls: whom the functions that match called");
  add_text(verb, "--thread", "NAME", report.thread, "Only the thread of this name or kernel id");
  verb.add_flag("--gil", report.only_with_gil, "Only time in which the thread held the GIL");
  add_clock(verb, report.clock);
}

void add_sampling_options(CLI::App& verb, RunOptions& run) {
  verb.add_option_function<std::string>(
          "-r,--rate",
          [&run](const std::string& text) {
            run.rate = text == "max" ? 0
                                     : number_in(text, "--rate", 0.1, kHighestRate,
                                                 "`max` or a number of samples a second");
          },
          "Samples of each thread in a second (default 1000)")
      ->type_name("HZ");
  verb.add_option_function<std::string>(
          "-d,--duration",
          [&run](const std::string& text) {
            const double seconds =
                number_in(text, "--duration", 0.001, kLongestDuration, "a number of seconds");
            run.duration = Nanoseconds(static_cast<Nanoseconds::rep>(seconds * 1e9));
          },
          "Stop recording after this long; the program goes on (default: at its end)")
      ->type_name("SECONDS");
  verb.add_option_function<std::string>(
          "--budget",
          [&run](std::string text) {
            if (text == "none") {
              run.budget = {.is_unlimited = true};
              return;
            }
            if (text.ends_with('%')) {
              text.pop_back();
            }
            run.budget = {.percent =
                              number_in(text, "--budget", 0, 100, "`none` or a share in percent")};
          },
          "The most of the program's time that looking may cost, in percent (default 2, with "
          "--counts and --calls 1); fewer samples are taken where more would cost more")
      ->type_name("PERCENT|none");
  verb.add_option_function<std::string>(
          "--alternate",
          [&run](const std::string& text) {
            const double seconds =
                number_in(text, "--alternate", 0.001, kLongestDuration, "a number of seconds");
            run.alternate = Nanoseconds(static_cast<Nanoseconds::rep>(seconds * 1e9));
          },
          "Sample only in every other stretch of this length, to measure what sampling costs")
      ->type_name("SECONDS");
  add_choice<LookChoice>(
      verb, "--look",
      {{"auto", LookChoice::automatic}, {"read", LookChoice::read}, {"stop", LookChoice::stop}},
      run.look,
      "How to look at a thread: read its memory while it runs, stop it for some "
      "microseconds, or what is true at the moment (default auto)");
}

void add_globs(CLI::App& verb, const char* name, std::vector<std::string>& globs,
               const char* help) {
  verb.add_option_function<std::string>(
          name,
          [&globs, name](const std::string& glob) {
            if (glob.empty() || glob.find('\n') != std::string::npos) {
              reject(fmt::format("{} takes a pattern such as `lib*.py` or `/srv/app/*`.", name));
            }
            globs.push_back(glob);
          },
          help)
      ->type_name("GLOB")
      ->trigger_on_parse();
}

void add_counting_options(CLI::App& verb, RunOptions& run) {
  verb.add_flag("--counts", run.counts,
                "Count exactly how often each line, branch and function of the program's own files "
                "runs, beside the time");
  verb.add_flag("--builtin-profile", run.builtin_profile,
                "Let the program use the decorator `profile` without an import, as kernprof does "
                "(implies --counts)");
  verb.add_flag("--calls", run.calls,
                "Count and time every call of functions in Python and in C, along its call path, "
                "beside the time");
  add_globs(verb, "--include", run.included,
            "Count the files of this name, folder or path, too (may be given more than once)");
  add_globs(verb, "--exclude", run.excluded,
            "Do not count the files of this name, folder or path (may be given more than once)");
}

}  // namespace

void declare_run(CLI::App& verb, Options& options) {
  RunOptions& run = options.run;
  add_sampling_options(verb, run);
  add_counting_options(verb, run);
  add_text(verb, "--python", "PATH", run.python,
           "The interpreter for a script, -m and -c (default: python3 of the active environment)");
  add_text(verb, "-o,--output", "FILE", run.output,
           "The recording to write (default: the program's name and a number)");
  verb.add_flag("-f,--force", run.force, "Replace the recording if it exists");
  verb.add_flag("!--no-sources", run.keep_sources,
                "Leave the source text of the program out of the recording");
  verb.add_flag("-q,--quiet", run.quiet, "Print nothing but errors");
  add_limit(verb, run.report.limit);
  add_clock(verb, run.report.clock);
  add_color(verb, run.color);
}

void declare_kernprof(CLI::App& verb, Options& options) {
  RunOptions& run = options.run;
  KernprofRequest& request = options.kernprof;
  verb.add_flag("-l,--line-by-line", request.line_by_line,
                "Count lines exactly, and write a file for line_profiler; otherwise functions, and "
                "a file for pstats");
  verb.add_flag("-b,--builtin", run.builtin_profile,
                "Put `profile` among the builtins (-l implies it)");
  verb.add_flag("-v,--view", request.view, "Print the results, too, to stderr");
  add_text(verb, "-o,--outfile", "FILE", request.output,
           "The file to write (default: the program's name and .lprof or .prof); it is replaced");
  add_text(verb, "-s,--setup", "FILE", run.setup,
           "Run the code of this file first; it is not counted");
  add_text(verb, "--python", "PATH", run.python,
           "The interpreter for a script, -m and -c (default: python3 of the active environment)");
  verb.add_flag("-q,--quiet", run.quiet, "Print nothing but errors and what -v asks for");
  add_color(verb, run.color);
}

void declare_report(CLI::App& verb, Options& options) {
  add_recording(verb, options.report.recording);
  verb.add_option("function", options.report.report.function,
                  "Only this function, by its name or what follows a dot of it")
      ->type_name("FUNCTION");
  add_report_options(verb, options.report.report);
  verb.add_flag("--json", options.report.json, "Print JSON (docs/json.md) instead of text");
  add_text(verb, "--html", "FILE", options.report.html,
           "Write the interactive page with all views to this file instead");
  verb.add_flag("-f,--force", options.report.force, "Replace the page if it exists");
  add_color(verb, options.report.color);
}

void declare_diff(CLI::App& verb, Options& options) {
  DiffRequest& request = options.diff;
  verb.add_option("before", request.before, "The recording to compare with")
      ->required()
      ->type_name("BEFORE");
  verb.add_option("after", request.after, "The recording that may be slower or faster")
      ->required()
      ->type_name("AFTER");
  add_choice<show::DiffView>(verb, "--by",
                             {{"function", show::DiffView::function},
                              {"line", show::DiffView::line},
                              {"expression", show::DiffView::expression}},
                             request.diff.view,
                             "Show one table with all its rows instead of what changed in each");
  add_limit(verb, request.diff.limit);
  add_text(verb, "--filter", "REGEX", request.diff.filter,
           "Only rows whose function or file matches; plain text is a regular expression too");
  add_text(verb, "--thread", "NAME", request.diff.thread,
           "Only the thread of this name or kernel id");
  add_clock(verb, request.diff.clock);
  verb.add_option_function<std::string>(
          "--threshold",
          [&request](std::string text) {
            if (text.ends_with('%')) {
              text.pop_back();
            }
            request.diff.threshold =
                number_in(text, "--threshold", 0, 100, "a share in percent") / 100;
          },
          "The least change that is told, in percent of all time (default 1)")
      ->type_name("PERCENT");
  add_choice<FailOn>(
      verb, "--fail-on",
      {{"slower", FailOn::slower}, {"any", FailOn::any}, {"never", FailOn::never}}, request.fail_on,
      "Exit with 1 where something takes more time, or where any does (default never)");
  verb.add_flag("--json", request.json, "Print JSON (docs/json.md) instead of text");
  add_color(verb, request.color);
}

void declare_view(CLI::App& verb, Options& options) {
  ViewRequest& request = options.view;
  add_recording(verb, request.recording);
  verb.add_option("second", request.second, "A second recording, to be compared with the first")
      ->type_name("SECOND");
  verb.add_option_function<std::string>(
          "--port",
          [&request](const std::string& text) {
            constexpr double kLastPort = 65535;
            request.port = static_cast<std::uint16_t>(
                number_in(text, "--port", 0, kLastPort, "the number of a port"));
          },
          "The port to listen on (default: a free one)")
      ->type_name("PORT");
  verb.add_flag_callback(
      "--no-browser", [&request] { request.open_browser = false; },
      "Only print the address; open no browser");
}

void declare_export(CLI::App& verb, Options& options) {
  ExportRequest& request = options.export_;
  add_recording(verb, request.recording);
  add_choice<ExportFormat>(verb, "--to",
                           {{"collapsed", ExportFormat::collapsed},
                            {"pstats", ExportFormat::pstats},
                            {"lprof", ExportFormat::lprof}},
                           request.format,
                           "The format: collapsed is `root;...;leaf microseconds` for flame-graph "
                           "tools; pstats is for pstats.Stats and SnakeViz, lprof for "
                           "line_profiler (default collapsed)");
  add_choice<ExportRoots>(verb, "--roots",
                          {{"none", ExportRoots::none},
                           {"thread", ExportRoots::thread},
                           {"process", ExportRoots::process}},
                          request.roots,
                          "Put the thread, or the process and the thread, at the root of each "
                          "stack (default none)");
  add_clock(verb, request.clock);
  add_text(verb, "-o,--output", "FILE", request.output, "Where to write (default: stdout)");
  verb.add_flag("-f,--force", request.force, "Replace the file if it exists");
}

void declare_completions(CLI::App& verb, Options& options) {
  add_choice<Shell>(verb, "shell",
                    {{"bash", Shell::bash}, {"zsh", Shell::zsh}, {"fish", Shell::fish}},
                    options.shell, "The shell to write completions for");
  verb.get_option("shell")->required();
}

void declare_manual(CLI::App& /*verb*/, Options& /*options*/) {}

}  // namespace lancehead::cli
