#include "show/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace lancehead::show {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

bool wants_color(bool is_terminal, ColorChoice choice) {
  if (choice != ColorChoice::automatic) {
    return choice == ColorChoice::always;
  }
  const std::string_view term = environment("TERM");
  return is_terminal && environment("NO_COLOR").empty() && !term.empty() && term != "dumb" &&
         term != "unknown";
}

std::optional<std::size_t> columns_variable() {
  const std::string_view text = environment("COLUMNS");
  std::size_t columns = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), columns);
  if (error != std::errc() || end != text.data() + text.size() || columns == 0) {
    return std::nullopt;
  }
  return columns;
}

std::size_t find_width(int fd, bool is_terminal) {
  if (const auto columns = columns_variable()) {
    return *columns;
  }
  winsize size{};
  if (is_terminal && ::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    return size.ws_col;
  }
  return is_terminal ? 80 : kFileWidth;
}

// POSIX gives LC_ALL precedence over LC_CTYPE over LANG. A plain C locale says nothing against
// UTF-8 (containers rarely set one); only a locale that names another charset does.
bool takes_unicode() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string_view locale = environment(name);
    if (!locale.empty()) {
      const std::size_t dot = locale.find('.');
      return dot == std::string_view::npos || locale.substr(dot + 1).starts_with("UTF") ||
             locale.substr(dot + 1).starts_with("utf");
    }
  }
  return true;
}

}  // namespace

Terminal decide_terminal(int fd, ColorChoice choice) {
  const bool is_terminal = ::isatty(fd) == 1;
  return Terminal{.width = std::clamp(find_width(fd, is_terminal), kLeastWidth, kMostWidth),
                  .color = wants_color(is_terminal, choice),
                  .unicode = takes_unicode()};
}

}  // namespace lancehead::show
