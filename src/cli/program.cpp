#include "cli/program.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>

namespace lancehead::cli {
namespace {

using Words = std::vector<std::string>;

Words rest_of(const Words& words, std::size_t from) {
  return {words.begin() + static_cast<std::ptrdiff_t>(from), words.end()};
}

bool takes_value(const CLI::App& verb, const std::string& name) {
  const CLI::Option* option = verb.get_option_no_throw(name);
  return option != nullptr && option->get_expected_min() > 0 &&
         option->get_items_expected_max() > 0;
}

struct Cluster {
  std::string flags;              // `-q` of `-qm foo`; empty where there is none
  char program = '\0';            // 'm' or 'c'
  std::string attached;           // `foo` of `-mfoo`
  bool last_takes_value = false;  // the value is the next word
};

// Takes a word such as -q, -o, -ofile, -mfoo or -qm apart.
Cluster take_apart(const CLI::App& verb, const std::string& word) {
  Cluster cluster;
  for (std::size_t i = 1; i < word.size(); ++i) {
    if (word[i] == 'm' || word[i] == 'c') {
      cluster.program = word[i];
      cluster.attached = word.substr(i + 1);
      return cluster;
    }
    cluster.flags += word[i];
    if (takes_value(verb, std::string("-") + word[i])) {
      cluster.flags = word.substr(1);
      cluster.last_takes_value = i + 1 == word.size();
      return cluster;
    }
  }
  return cluster;
}

Result<Program> program_after(const Words& words, std::size_t next, const Cluster& cluster) {
  Program program{.kind = cluster.program == 'm' ? ProgramKind::module : ProgramKind::code,
                  .name = cluster.attached,
                  .arguments = {}};
  if (program.name.empty()) {
    if (next >= words.size()) {
      return fail(ErrorKind::usage,
                  fmt::format("-{} needs {} after it.", cluster.program,
                              cluster.program == 'm' ? "the name of a module" : "code"),
                  "Try `lancehead run -m json.tool` or `lancehead run -c \"print(1)\"`.");
    }
    program.name = words[next++];
  }
  program.arguments = rest_of(words, next);
  return program;
}

Result<Program> command_after(const Words& words, std::size_t next) {
  if (next >= words.size()) {
    return fail(ErrorKind::usage, "`--` needs a command after it.",
                "Try `lancehead run -- python3 script.py`.");
  }
  return Program{
      .kind = ProgramKind::command, .name = words[next], .arguments = rest_of(words, next + 1)};
}

}  // namespace

Result<SplitCommandLine> split_program(const CLI::App& verb, const Words& words) {
  SplitCommandLine split;
  const auto end_with = [&split](Result<Program> program) -> Result<SplitCommandLine> {
    if (!program) {
      return std::unexpected(std::move(program.error()));
    }
    split.program = std::move(*program);
    return std::move(split);
  };
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--") {
      return end_with(command_after(words, i + 1));
    }
    if (!word.starts_with('-') || word == "-") {
      return end_with(
          Program{.kind = ProgramKind::script, .name = word, .arguments = rest_of(words, i + 1)});
    }
    bool value_follows = false;
    if (word.starts_with("--")) {
      value_follows = word.find('=') == std::string::npos && takes_value(verb, word);
      split.ours.push_back(word);
    } else {
      const Cluster cluster = take_apart(verb, word);
      if (!cluster.flags.empty()) {
        split.ours.push_back("-" + cluster.flags);
      }
      if (cluster.program != '\0') {
        return end_with(program_after(words, i + 1, cluster));
      }
      value_follows = cluster.last_takes_value;
    }
    if (value_follows && i + 1 < words.size()) {
      split.ours.push_back(words[++i]);
    }
  }
  return split;
}

}  // namespace lancehead::cli
