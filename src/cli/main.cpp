// lancehead: a profiler for Python programs. Each verb is a file of this folder.
#include <span>

#include "cli/command_line.h"
#include "cli/completions.h"
#include "cli/diff.h"
#include "cli/kernprof.h"
#include "cli/manual.h"
#include "cli/report.h"
#include "cli/run.h"
#include "cli/verb.h"
#include "cli/view.h"

namespace lancehead::cli {
namespace {

constexpr Verb kVerbs[] = {
    {.name = "run",
     .usage = "[options] (script.py | -m module | -c code | -- command) [arguments]",
     .summary = "Runs a program, records where its time goes, and reports.",
     .examples = {{{"lancehead run script.py --size 10", "a script and arguments"},
                   {"lancehead run -m pytest tests", "a module"},
                   {"lancehead run -o app.lancehead -- gunicorn app:app", "any command"},
                   {"lancehead run --rate 10000 -c 'sum(range(10**8))'", "code, looked at often"}}},
     .declare = declare_run,
     .perform = run_program,
     .takes_program = true},
    {.name = "kernprof",
     .usage = "[options] (script.py | -m module | -c code) [arguments]",
     .summary =
         "Runs a program that is decorated with `@profile`, as line_profiler's command does.",
     .examples = {{{"lancehead kernprof -l -v script.py", "hits and time by line"},
                   {"lancehead kernprof -l -o out.lprof script.py", "another file"},
                   {"lancehead kernprof -l -m package.tool", "a module"},
                   {"lancehead kernprof script.py", "functions: script.py.prof"}}},
     .declare = declare_kernprof,
     .perform = kernprof,
     .takes_program = true},
    {.name = "report",
     .usage = "[options] FILE [FUNCTION]",
     .summary = "Prints where the time of a recording went.",
     .examples = {{{"lancehead report app.lancehead", "the overview"},
                   {"lancehead report app.lancehead --by line -n 30", "the 30 hottest lines"},
                   {"lancehead report app.lancehead main --by instruction", "its bytecode"},
                   {"lancehead report app.lancehead --json", "for programs"}}},
     .declare = declare_report,
     .perform = report},
    {.name = "diff",
     .usage = "[options] BEFORE AFTER",
     .summary = "Says what takes more or less time in a second recording of a program.",
     .examples = {{{"lancehead diff old.lancehead new.lancehead", "what changed"},
                   {"lancehead diff old.lancehead new.lancehead --by line", "all lines"},
                   {"lancehead diff old.lancehead new.lancehead --fail-on slower", "for CI"},
                   {"lancehead diff old.lancehead new.lancehead --json", "for programs"}}},
     .declare = declare_diff,
     .perform = diff},
    {.name = "view",
     .usage = "[options] FILE [SECOND]",
     .summary = "Shows a recording in the browser: timeline, flame graph, source, tables.",
     .examples = {{{"lancehead view app.lancehead", "serve the page and open it"},
                   {"lancehead view app.lancehead --no-browser", "only print its address"},
                   {"lancehead view old.lancehead new.lancehead", "coloured by what changed"},
                   {"lancehead report app.lancehead --html app.html", "the same page as a file"}}},
     .declare = declare_view,
     .perform = view},
    {.name = "export",
     .usage = "[options] FILE",
     .summary = "Writes a recording in a format of other tools.",
     .examples = {{{"lancehead export app.lancehead", "collapsed stacks"},
                   {"lancehead export app.lancehead -o app.txt", "to a file"},
                   {"lancehead export app.lancehead --roots thread", "apart by thread"},
                   {"lancehead export app.lancehead --to pstats -o app.prof", "for SnakeViz"}}},
     .declare = declare_export,
     .perform = export_recording},
    {.name = "completions",
     .usage = "bash|zsh|fish",
     .summary = "Prints completions for a shell.",
     .examples = {{{"lancehead completions bash", "for bash, to be sourced"},
                   {"lancehead completions zsh", "for zsh, a file of $fpath"},
                   {"lancehead completions fish", "for fish"},
                   {"source <(lancehead completions bash)", "use them at once"}}},
     .declare = declare_completions,
     .perform = print_completions},
    {.name = "man",
     .usage = "",
     .summary = "Prints the manual page.",
     .examples = {{{"lancehead man | man -l -", "read it"},
                   {"lancehead man > lancehead.1", "keep it"},
                   {"lancehead man | man -l - | less", "page it"},
                   {"lancehead man | mandoc -T html", "make HTML of it"}}},
     .declare = declare_manual,
     .perform = print_manual},
};

}  // namespace
}  // namespace lancehead::cli

int main(int argc, char** argv) {
  using namespace lancehead::cli;
  const std::span<const Verb> verbs(kVerbs);
  Options options;
  const auto verb =
      parse_command_line(verbs, std::span(argv, static_cast<std::size_t>(argc)), options);
  return verb ? (*verb)->perform(verbs, options) : verb.error();
}
