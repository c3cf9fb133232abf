#include "cli/manual.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/help.h"

namespace lancehead::cli {
namespace {

// Text for roff: backslashes, and dots and quotes at the start of a line, would be commands.
std::string roff(std::string_view text) {
  std::string out;
  bool at_start = true;
  for (const char c : text) {
    if (at_start && (c == '.' || c == '\'')) {
      out += "\\&";
    }
    out += c == '\\' ? "\\\\" : c == '-' ? "\\-" : std::string(1, c);
    at_start = c == '\n';
  }
  return out;
}

std::string option_entry(const OptionRow& row) {
  std::vector<std::string> names;
  for (const std::string& name : row.shorts) {
    names.push_back("\\fB" + roff("-" + name) + "\\fR");
  }
  for (const std::string& name : row.longs) {
    names.push_back("\\fB" + roff("--" + name) + "\\fR");
  }
  if (!row.positional.empty()) {
    names.push_back("\\fI" + roff(row.positional) + "\\fR");
  }
  std::string entry = fmt::format(".TP\n{}", fmt::join(names, ", "));
  if (!row.value.empty() && row.positional.empty()) {
    entry += " \\fI" + roff(row.value) + "\\fR";
  }
  return entry + "\n" + roff(row.help) + ".\n";
}

std::string verb_section(const Verb& verb, const CLI::App& parser) {
  std::string page = fmt::format(".SS lancehead {} {}\n{}\n.PP\n.nf\n", verb.name, roff(verb.usage),
                                 roff(verb.summary));
  for (const Example& example : verb.examples) {
    page += fmt::format("{}\n    {}\n", roff(example.command), roff(example.meaning));
  }
  page += ".fi\n";
  for (const OptionRow& row : option_rows(parser)) {
    page += option_entry(row);
  }
  return page;
}

}  // namespace

std::string manual_page(std::span<const Verb> verbs, const CLI::App& parser) {
  std::string page = fmt::format(
      ".TH LANCEHEAD 1 \"\" \"lancehead {}\" \"User Commands\"\n.SH NAME\nlancehead \\- {}\n"
      ".SH SYNOPSIS\n\\fBlancehead\\fR \\fIverb\\fR [\\fIoptions\\fR] ...\n.SH VERBS\n",
      LANCEHEAD_VERSION, roff(kSummary));
  for (const Verb& verb : verbs) {
    page += verb_section(verb, *parser.get_subcommand(verb.name));
  }
  page +=
      ".SH EXIT STATUS\n"
      ".TP\n0\nSuccess. \\fBrun\\fR exits with the program's own code (128+n for signal n).\n"
      ".TP\n1\n\\fBdiff\\fR found what \\fB\\-\\-fail\\-on\\fR names.\n"
      ".TP\n2\nThe command line is off, or a file cannot be read or written.\n"
      ".TP\n3\nThe program cannot be observed.\n"
      ".TP\n4\nSomething was recorded, but not all of it, or the recording is damaged.\n"
      ".SH ENVIRONMENT\n"
      ".TP\nNO_COLOR, TERM, COLUMNS\nDecide on colour and width where \\fB\\-\\-color\\fR does "
      "not.\n"
      ".TP\nLANCEHEAD_PYTHON\nThe interpreter where \\fB\\-\\-python\\fR does not name one; the "
      "program does not get to see it.\n";
  return page;
}

int print_manual(std::span<const Verb> verbs, const Options& /*options*/) {
  Options unused;
  const auto parser = make_parser(verbs, unused);
  fmt::print("{}", manual_page(verbs, *parser));
  return kSuccess;
}

}  // namespace lancehead::cli
