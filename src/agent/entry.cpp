// Where the dynamic linker starts the agent, before the program's own main().
//
// The agent was asked for by the environment of the launched program. An interpreter shall not see
// that, nor hand it on; another program (a shell, say) does hand it on, to the interpreter that it
// may start.
#include <cstdlib>
#include <string>
#include <string_view>

#include "agent/agent.h"

namespace {

constexpr const char* kShareVariable = "LANCEHEAD_SHARE";
constexpr const char* kLibraryVariable = "LANCEHEAD_AGENT";
constexpr const char* kPreload = "LD_PRELOAD";

// Takes the agent out of the list of libraries to load, and nothing else.
void restore_preload(std::string_view library) {
  const char* text = std::getenv(kPreload);
  if (text == nullptr) {
    return;
  }
  std::string kept;
  std::string_view rest(text);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of(": "), rest.size());
    const std::string_view word = rest.substr(0, end);
    if (word != library && !word.empty()) {
      kept.append(kept.empty() ? "" : ":").append(word);
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (kept.empty()) {
    ::unsetenv(kPreload);
  } else {
    ::setenv(kPreload, kept.c_str(), 1);
  }
}

[[gnu::constructor]] void start() {
  const char* share = std::getenv(kShareVariable);
  const char* library = std::getenv(kLibraryVariable);
  if (share == nullptr || library == nullptr || !lancehead::agent::Agent::install(share)) {
    return;
  }
  restore_preload(library);
  ::unsetenv(kShareVariable);
  ::unsetenv(kLibraryVariable);
}

}  // namespace
