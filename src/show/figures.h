// Figures as people read them.
#pragma once

#include <cstdint>
#include <string>

#include "analyze/selection.h"
#include "show/terminal.h"

namespace lancehead::show {

[[nodiscard]] const char* plus_minus(const Terminal& terminal);

// "31.2 %"; "<0.1 %" for what is more than nothing but would be printed as it.
[[nodiscard]] std::string percent(double share);

// "7.21 s", "12.3 ms", "340 us": three digits, or the nearest unit below a microsecond.
[[nodiscard]] std::string duration(double nanoseconds, const Terminal& terminal);

// "7 204": thousands apart.
[[nodiscard]] std::string count(std::uint64_t number);

// A share with its interval where that matters: where it is wider than a tenth of the share.
// "31.2 %", "1.2 % ±0.5".
[[nodiscard]] std::string share_with_interval(const analyze::Share& share,
                                              const Terminal& terminal);

// The same for a column: percents stand under each other, 13 columns wide.
[[nodiscard]] std::string share_cell(const analyze::Share& share, const Terminal& terminal);
inline constexpr std::size_t kShareCell = 13;

// A bar of at most `width` columns for a share.
[[nodiscard]] std::string bar(double share, std::size_t width, const Terminal& terminal);

}  // namespace lancehead::show
