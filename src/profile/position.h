// Where in the source each frame of a recording stands.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "code/line_table.h"
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

// Positions of instructions: from the `positions` table where it has one, else from the line table
// of the code. A frame that has not started (-1) stands on the line of its definition. Decodes each
// line table once, when it is first asked for. The tables must outlive it.
class PositionResolver {
 public:
  explicit PositionResolver(const schema::Tables& tables);

  [[nodiscard]] Position resolve(schema::CodeId code, std::int32_t offset);
  // What the line table alone says.
  [[nodiscard]] Position from_line_table(schema::CodeId code, std::uint32_t offset);
  // Up to where the line table has the same place as at `offset`; `offset` where it has none.
  [[nodiscard]] std::uint32_t same_place_until(schema::CodeId code, std::uint32_t offset);
  [[nodiscard]] const code::PositionTable& table_of(schema::CodeId code);

 private:
  [[nodiscard]] Position recovered(std::size_t row) const;

  const schema::Tables* tables_;
  std::vector<std::optional<code::PositionTable>> decoded_;
  std::unordered_map<std::uint64_t, std::size_t> found_;
};

// One position for each row of `frames`.
[[nodiscard]] std::vector<Position> resolve_positions(const schema::Tables& tables);

}  // namespace lancehead::profile
