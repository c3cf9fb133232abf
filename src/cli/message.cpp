#include "cli/message.h"

#include <fmt/format.h>

#include <cstdio>
#include <string>

#include "cli/exit_code.h"
#include "show/text.h"

namespace lancehead::cli {

void say(std::string_view sentence) {
  fmt::print(stderr, "lancehead: {}\n", show::escape(sentence));
}

int say_error(const Error& error) {
  say(error.remedy.empty() ? error.what : error.what + " " + error.remedy);
  return exit_code(error.kind);
}

}  // namespace lancehead::cli
