// From the raw line table of a code object to the source position of each of its instructions.
//
// CPython has had three formats. All three are decoded to the same ranges of byte offsets; the
// tables come from other processes and from files, so damage is expected and survived.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "code/python_version.h"

namespace lancehead::code {

inline constexpr std::uint32_t kNoLine = 0;
inline constexpr std::uint32_t kNoColumn = 0xFFFFFFFF;

enum class LineTableFormat : std::uint8_t {
  lnotab,     // 3.8, 3.9: pairs of unsigned address and signed line differences
  linetable,  // 3.10: pairs of length and line difference (PEP 626)
  locations,  // 3.11 and later: entries with columns (PEP 657)
};

[[nodiscard]] LineTableFormat line_table_format(PythonVersion version);

// Where the instructions in [begin, end) come from. Lines count from 1; columns are bytes of the
// UTF-8 form of the line from 0, `end_column` is the byte after the last.
struct PositionRange {
  std::uint32_t begin = 0;  // byte offsets into the bytecode
  std::uint32_t end = 0;
  std::uint32_t line = kNoLine;
  std::uint32_t end_line = kNoLine;
  std::uint32_t column = kNoColumn;
  std::uint32_t end_column = kNoColumn;

  [[nodiscard]] bool has_line() const { return line != kNoLine; }
  [[nodiscard]] bool has_columns() const { return column != kNoColumn && end_column != kNoColumn; }
  [[nodiscard]] bool same_place(const PositionRange& other) const {
    return line == other.line && end_line == other.end_line && column == other.column &&
           end_column == other.end_column;
  }

  bool operator==(const PositionRange&) const = default;
};

// The decoded table of one code object: sorted, disjoint ranges that cover the bytecode from its
// first byte on.
class PositionTable {
 public:
  PositionTable() = default;
  explicit PositionTable(std::vector<PositionRange> ranges, bool damaged = false);

  // The position of the instruction at `offset` (in bytes, in every version); nothing where the
  // table has no entry for it, and for an offset below zero (a frame that has not started).
  [[nodiscard]] std::optional<PositionRange> lookup(std::int64_t offset) const;

  [[nodiscard]] std::span<const PositionRange> ranges() const { return ranges_; }

  // Whether any instruction has columns. Without them, expressions must be recovered.
  [[nodiscard]] bool has_columns() const { return has_columns_; }

  // Whether the raw table broke off or held what no compiler writes; what came before is here.
  [[nodiscard]] bool is_damaged() const { return damaged_; }

 private:
  std::vector<PositionRange> ranges_;
  bool has_columns_ = false;
  bool damaged_ = false;
};

// Decodes `table` of a code object whose definition is on `first_line` and whose bytecode has
// `code_size` bytes. Never fails: what cannot be read is left out and is_damaged() says so.
[[nodiscard]] PositionTable decode_line_table(LineTableFormat format,
                                              std::span<const std::uint8_t> table,
                                              std::uint32_t first_line, std::uint32_t code_size);

}  // namespace lancehead::code
