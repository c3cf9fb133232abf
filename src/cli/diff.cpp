#include "cli/diff.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "cli/exit_code.h"
#include "cli/message.h"
#include "cli/read_profile.h"
#include "cli/report.h"
#include "show/diff_answer.h"
#include "show/diff_json.h"
#include "show/diff_report.h"
#include "show/report.h"
#include "show/terminal.h"

namespace lancehead::cli {
namespace {

bool fails(FailOn fail_on, const show::Findings& findings) {
  switch (fail_on) {
    case FailOn::never: return false;
    case FailOn::slower: return findings.slower > 0;
    case FailOn::any: return findings.slower + findings.faster > 0;
  }
  return false;
}

}  // namespace

int diff(std::span<const Verb> /*verbs*/, const Options& options) {
  const DiffRequest& request = options.diff;
  const auto before = read_profile(request.before);
  if (!before) {
    return say_error(before.error());
  }
  const auto after = read_profile(request.after);
  if (!after) {
    return say_error(after.error());
  }
  const auto answer = show::answer_diff(*before, *after, request.diff);
  if (!answer) {
    return say_error(answer.error());
  }
  const std::string text =
      request.json
          ? show::render_diff_json(*answer, request.diff)
          : show::render_diff(*answer, {.before = request.before, .after = request.after},
                              request.diff, show::decide_terminal(STDOUT_FILENO, request.color));
  if (const auto written = show::write_text(stdout, text, "the standard output"); !written) {
    return say_error(written.error());
  }
  // What CI waits for comes before what a person may want to know.
  return fails(request.fail_on, show::findings_of(*answer))
             ? kChanged
             : std::max(exit_code_of(*before), exit_code_of(*after));
}

}  // namespace lancehead::cli
