// Which lines of two versions of a text are the same line.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace lancehead::analyze {

// Lines count from 1.
struct LinePair {
  std::uint32_t before = 0;
  std::uint32_t after = 0;
  bool is_same = false;  // but for indentation; else the one was edited into the other

  bool operator==(const LinePair&) const = default;
};

// By the line of the second text. A block of lines that was moved to another place is found there;
// lines that were written over stand for each other. Each line is in one pair at most.
[[nodiscard]] std::vector<LinePair> match_lines(std::span<const std::string_view> before,
                                                std::span<const std::string_view> after);

}  // namespace lancehead::analyze
