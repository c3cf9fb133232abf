// A verb of the command line: its name, its words in the help, its options and what it does.
#pragma once

#include <array>
#include <span>

#include "cli/options.h"

namespace lancehead::cli {

struct Example {
  const char* command;
  const char* meaning;
};

struct Verb {
  const char* name;
  const char* usage;    // what follows the name
  const char* summary;  // one sentence
  std::array<Example, 4> examples;
  void (*declare)(CLI::App& verb, Options& options);
  int (*perform)(std::span<const Verb> verbs, const Options& options);
  bool takes_program = false;  // what follows the options is a program with its own arguments
};

}  // namespace lancehead::cli
