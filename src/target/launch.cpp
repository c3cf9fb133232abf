#include "target/launch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "base/unique_fd.h"

namespace lancehead::target {
namespace {

Error launch_error(const std::string& command, int error) {
  if (error == ENOENT) {
    return {ErrorKind::usage, fmt::format("There is no command '{}'.", command),
            "Check its spelling and that it is in PATH."};
  }
  return {ErrorKind::usage,
          fmt::format("The command '{}' could not be started: {}.", command, std::strerror(error)),
          "Check that it is an executable file."};
}

[[noreturn]] void become(const std::vector<std::string>& arguments,
                         const std::vector<std::string>& environment, const SignalGuard& signals,
                         int error_pipe) {
  signals.restore();
  for (const std::string& setting : environment) {
    ::putenv(const_cast<char*>(setting.c_str()));
  }
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) {
    pointers.push_back(const_cast<char*>(argument.c_str()));
  }
  pointers.push_back(nullptr);
  ::execvp(pointers[0], pointers.data());
  const int error = errno;
  (void)!::write(error_pipe, &error, sizeof error);
  ::_exit(127);
}

}  // namespace

SignalGuard::SignalGuard() {
  for (std::size_t i = 0; i < kPassedBy.size(); ++i) {
    struct sigaction ignore{};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(kPassedBy[i], &ignore, &before_[i]);
  }
  sigemptyset(&fetched_);
  sigaddset(&fetched_, SIGCHLD);
  sigaddset(&fetched_, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &fetched_, &mask_before_);
}

void SignalGuard::restore() const {
  for (std::size_t i = 0; i < kPassedBy.size(); ++i) {
    ::sigaction(kPassedBy[i], &before_[i], nullptr);
  }
  ::sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
}

Result<pid_t> launch(const std::vector<std::string>& arguments, const SignalGuard& signals,
                     const std::vector<std::string>& environment) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
    return std::unexpected(launch_error(arguments.front(), errno));
  }
  const UniqueFd from_child(pipe[0]);
  UniqueFd to_parent(pipe[1]);
  const pid_t child = ::fork();
  if (child < 0) {
    return std::unexpected(launch_error(arguments.front(), errno));
  }
  if (child == 0) {
    become(arguments, environment, signals, to_parent.get());
  }
  to_parent.reset();
  int error = 0;
  // Ends with nothing read when exec succeeds, since the pipe closes then.
  if (::read(from_child.get(), &error, sizeof error) == static_cast<ssize_t>(sizeof error)) {
    ::waitpid(child, nullptr, 0);
    return std::unexpected(launch_error(arguments.front(), error));
  }
  return child;
}

}  // namespace lancehead::target
