// Which Python compiles again, and what it is allowed to use.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lancehead::recompile {

// A Python to compile with. Every process has an empty environment and no access to a terminal.
struct Interpreter {
  // The command, without arguments of ours: {"/usr/bin/python3.9"}, or with what starts it in
  // front: {"chroot", DIR, "/usr/bin/python3.14"}. A name without a slash is looked up in PATH.
  std::vector<std::string> argv;

  // The user to become, when we are root; without a value we stay who we are. Not to be combined
  // with a command in `argv` that needs root itself: give `root` instead.
  std::optional<uid_t> uid;
  std::optional<gid_t> gid;

  // The folder that the interpreter sees as `/`, when we are root; empty for our own.
  std::string root;
};

struct Limits {
  std::chrono::milliseconds total{10'000};        // for all files together
  std::chrono::milliseconds per_file{5'000};      // without an answer
  std::uint64_t memory = std::uint64_t{2} << 30;  // bytes of address space
};

}  // namespace lancehead::recompile
