// Ends of a process that the interpreter does not see: these functions of libc are called in its
// place, so that the counts of frames which never come to their end are exact.
#include <dlfcn.h>
#include <unistd.h>

#include "agent/agent.h"

#pragma GCC visibility push(default)

namespace {

template <typename Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

// An exec comes back only where it failed: then the frames go on.
template <typename Call>
int try_exec(Call call) {
  lancehead::agent::Agent::tell_end(false);
  const int result = call();
  lancehead::agent::Agent::tell_end(true);
  return result;
}

}  // namespace

// NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): libc has reserved names
extern "C" {

void _exit(int status) {
  lancehead::agent::Agent::tell_end(false);
  next<void(int)>("_exit")(status);
  __builtin_unreachable();
}

void _Exit(int status) noexcept {
  _exit(status);
}

int execv(const char* path, char* const* arguments) noexcept {
  return try_exec([&] { return next<decltype(execv)>("execv")(path, arguments); });
}

int execve(const char* path, char* const* arguments, char* const* environment) noexcept {
  return try_exec([&] { return next<decltype(execve)>("execve")(path, arguments, environment); });
}

int fexecve(int file, char* const* arguments, char* const* environment) noexcept {
  return try_exec([&] { return next<decltype(fexecve)>("fexecve")(file, arguments, environment); });
}

}  // extern "C"
// NOLINTEND(readability-inconsistent-declaration-parameter-name)

#pragma GCC visibility pop
