// What the place that text goes to can show, decided once.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lancehead::show {

enum class ColorChoice : std::uint8_t { automatic, always, never };

// `width` is in columns. Without colour no escape sequence is written at all; without Unicode only
// ASCII is.
struct Terminal {
  std::size_t width = 80;
  bool color = false;
  bool unicode = true;
};

// Looks at the file descriptor, the locale, NO_COLOR, TERM and COLUMNS. What is not a terminal gets
// no colour (unless `always`) and `kFileWidth` columns.
[[nodiscard]] Terminal decide_terminal(int fd, ColorChoice choice);

inline constexpr std::size_t kFileWidth = 100;
inline constexpr std::size_t kLeastWidth = 60;
inline constexpr std::size_t kMostWidth = 200;

}  // namespace lancehead::show
