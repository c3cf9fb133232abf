// Starts a program as a shell would, and tells how it ended.
#pragma once

#include <sys/types.h>

#include <array>
#include <csignal>
#include <string>
#include <vector>

#include "base/result.h"

namespace lancehead::target {

// Makes Ctrl-C, Ctrl-\\ and hang-ups pass us by (the terminal sends them to the program too), and
// SIGCHLD and SIGTERM wait to be fetched with sigtimedwait(2). Programs are launched with the
// dispositions that were there before, and the destructor brings them back.
class SignalGuard {
 public:
  SignalGuard();
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;
  ~SignalGuard() { restore(); }

  // Async-signal-safe: also for the child between fork and exec.
  void restore() const;

  [[nodiscard]] const sigset_t& fetched() const { return fetched_; }

 private:
  static constexpr std::array kPassedBy = {SIGINT, SIGQUIT, SIGHUP};

  std::array<struct sigaction, kPassedBy.size()> before_{};
  sigset_t mask_before_{};
  sigset_t fetched_{};
};

// Starts `arguments[0]`, looked up in PATH, with our streams and terminal, and with our environment
// and what `environment` (NAME=VALUE) adds to it.
// Errors: usage where the command does not exist or may not be executed.
[[nodiscard]] Result<pid_t> launch(const std::vector<std::string>& arguments,
                                   const SignalGuard& signals,
                                   const std::vector<std::string>& environment = {});

}  // namespace lancehead::target
