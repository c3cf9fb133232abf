#include "cli/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "cli/exit_code.h"
#include "cli/help.h"
#include "cli/message.h"
#include "cli/program.h"

namespace lancehead::cli {
namespace {

using Words = std::vector<std::string>;

const Verb* find_verb(std::span<const Verb> verbs, const std::string& name) {
  const auto found =
      std::ranges::find_if(verbs, [&name](const Verb& verb) { return name == verb.name; });
  return found == verbs.end() ? nullptr : &*found;
}

std::string verb_names(std::span<const Verb> verbs) {
  std::string names;
  for (const Verb& verb : verbs) {
    names += (names.empty() ? "" : ", ") + std::string(verb.name);
  }
  return names;
}

int say_usage(const std::string& what, const std::string& remedy) {
  return say_error(Error{ErrorKind::usage, what, remedy});
}

// CLI11's own sentences name its concepts; these name what the person typed.
int say_mistake(const Verb& verb, const CLI::ParseError& error, const CLI::App& app) {
  const std::string remedy = fmt::format("`lancehead {} --help` shows what it takes.", verb.name);
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    const Words extras = app.remaining(true);
    return say_usage(fmt::format("`lancehead {}` does not know what to do with `{}`.", verb.name,
                                 extras.empty() ? "" : extras.front()),
                     remedy);
  }
  if (dynamic_cast<const CLI::ValidationError*>(&error) != nullptr) {
    return say_usage(error.what(), {});
  }
  std::string what = error.what();
  if (!what.ends_with('.')) {
    what += '.';
  }
  return say_usage(what, remedy);
}

std::expected<const Verb*, int> parse_verb(const Verb& verb, CLI::App& app, Words words,
                                           Options& options) {
  CLI::App& parser = *app.get_subcommand(verb.name);
  if (verb.takes_program) {
    auto split = split_program(parser, words);
    if (!split) {
      return std::unexpected(say_error(split.error()));
    }
    words = std::move(split->ours);
    options.run.program = std::move(split->program);
  }
  std::ranges::reverse(words);  // CLI11 takes them from the back
  try {
    parser.parse(std::move(words));
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", verb_help(verb, parser));
    return std::unexpected(kSuccess);
  } catch (const CLI::ParseError& error) {
    return std::unexpected(say_mistake(verb, error, parser));
  }
  if (verb.takes_program && options.run.program.kind == ProgramKind::none) {
    return std::unexpected(say_usage("There is no program to run.",
                                     fmt::format("Name a script, `-m module`, `-c code` or "
                                                 "`-- command`: `lancehead {} script.py`.",
                                                 verb.name)));
  }
  return &verb;
}

}  // namespace

std::unique_ptr<CLI::App> make_parser(std::span<const Verb> verbs, Options& options) {
  auto app = std::make_unique<CLI::App>(kSummary, "lancehead");
  for (const Verb& verb : verbs) {
    CLI::App& parser = *app->add_subcommand(verb.name, verb.summary);
    parser.set_help_flag("-h,--help", "Print this help");
    verb.declare(parser, options);
  }
  return app;
}

std::expected<const Verb*, int> parse_command_line(std::span<const Verb> verbs,
                                                   std::span<char*> words, Options& options) {
  const Words all(words.begin() + (words.empty() ? 0 : 1), words.end());
  const std::string first = all.empty() ? "" : all.front();
  if (first == "--help" || first == "-h" || (first == "help" && all.size() == 1)) {
    fmt::print("{}", main_help(verbs));
    return std::unexpected(kSuccess);
  }
  if (first == "--version") {
    fmt::print("lancehead {}\n", LANCEHEAD_VERSION);
    return std::unexpected(kSuccess);
  }
  if (first.empty()) {
    fmt::print(stderr, "{}", main_help(verbs));
    return std::unexpected(kUsage);
  }
  const bool asks_for_help = first == "help";
  const Verb* verb = find_verb(verbs, asks_for_help ? all[1] : first);
  if (verb == nullptr) {
    return std::unexpected(
        say_usage(fmt::format("lancehead has no verb `{}`.", asks_for_help ? all[1] : first),
                  fmt::format("It has {}; `lancehead --help` explains them.", verb_names(verbs))));
  }
  const auto app = make_parser(verbs, options);
  return parse_verb(*verb, *app,
                    asks_for_help ? Words{"--help"} : Words(all.begin() + 1, all.end()), options);
}

}  // namespace lancehead::cli
