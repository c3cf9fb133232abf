// Where in the source each frame of a recording stands.
#pragma once

#include <cstdint>
#include <vector>

#include "schema/tables.h"

namespace lancehead::profile {

inline constexpr std::uint32_t kNoLine = 0;
inline constexpr std::uint32_t kNoColumn = 0xFFFFFFFF;

// Lines count from 1, columns are bytes from 0, `end_column` is the byte after the last.
struct Position {
  std::uint32_t line = kNoLine;
  std::uint32_t end_line = kNoLine;
  std::uint32_t column = kNoColumn;
  std::uint32_t end_column = kNoColumn;

  [[nodiscard]] bool has_line() const { return line != kNoLine; }
  [[nodiscard]] bool has_columns() const { return column != kNoColumn && end_column != kNoColumn; }
  auto operator<=>(const Position&) const = default;
};

// One position for each row of `frames`: from the `positions` table where it has one, else from the
// line table of the code. A frame that has not started stands on the line of its definition.
[[nodiscard]] std::vector<Position> resolve_positions(const schema::Tables& tables);

}  // namespace lancehead::profile
