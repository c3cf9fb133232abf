#include "show/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "show/text.h"

namespace lancehead::show {
namespace {

constexpr double kLeastShown = 0.0005;

// The interval is printed where its half is more than this part of the share.
constexpr double kPreciseEnough = 0.1;

}  // namespace

const char* plus_minus(const Terminal& terminal) {
  return terminal.unicode ? "±" : "+-";
}

std::string percent(double share) {
  return share > 0 && share < kLeastShown ? "<0.1 %" : fmt::format("{:.1f} %", share * 100);
}

std::string duration(double nanoseconds, const Terminal& terminal) {
  struct Unit {
    double factor;
    const char* name;
  };
  const std::array<Unit, 4> units = {
      {{1e9, "s"}, {1e6, "ms"}, {1e3, terminal.unicode ? "µs" : "us"}, {1, "ns"}}};
  const auto* unit = std::ranges::find_if(units, [nanoseconds](const Unit& candidate) {
    return nanoseconds >= candidate.factor * 0.9995;
  });
  if (unit == units.end()) {
    return "0 s";
  }
  const double value = nanoseconds / unit->factor;
  const int decimals = unit->factor <= 1 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return fmt::format("{:.{}f} {}", value, decimals, unit->name);
}

std::string count(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, " ");
  }
  return digits;
}

std::string share_with_interval(const analyze::Share& share, const Terminal& terminal) {
  const double half = std::max(share.interval.high - share.share, share.share - share.interval.low);
  if (!(share.time > 0) || half <= share.share * kPreciseEnough) {
    return percent(share.share);
  }
  return fmt::format("{} {}{:.1f}", percent(share.share), plus_minus(terminal),
                     std::max(half * 100, 0.1));
}

std::string share_cell(const analyze::Share& share, const Terminal& terminal) {
  constexpr std::size_t kPercent = 8;
  const std::size_t figure = percent(share.share).size();
  const std::string text = share_with_interval(share, terminal);
  return pad_end(std::string(kPercent - std::min(kPercent, figure), ' ') + text, kShareCell);
}

std::string bar(double share, std::size_t width, const Terminal& terminal) {
  const double filled = std::clamp(share, 0.0, 1.0) * static_cast<double>(width);
  const auto whole = static_cast<std::size_t>(filled);
  std::string text;
  for (std::size_t i = 0; i < whole; ++i) {
    text += terminal.unicode ? "█" : "#";
  }
  constexpr std::array<const char*, 8> kEighths = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  if (terminal.unicode) {
    auto eighths = static_cast<std::size_t>((filled - static_cast<double>(whole)) * 8);
    if (whole == 0 && eighths == 0 && share > 0) {
      eighths = 1;  // something is never drawn as nothing
    }
    text += kEighths[eighths];
  }
  return text;
}

}  // namespace lancehead::show
