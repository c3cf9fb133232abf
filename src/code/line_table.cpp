#include "code/line_table.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace lancehead::code {
namespace {

constexpr std::int64_t kMaxLine = std::numeric_limits<std::int32_t>::max();

// Lines are tracked in 64 bits, so that no table can overflow them; only what an `int` of the
// interpreter could hold is a line.
std::uint32_t as_line(std::int64_t line) {
  return line > 0 && line <= kMaxLine ? static_cast<std::uint32_t>(line) : kNoLine;
}

// Puts ranges one after the other, joins equal neighbours and stops at the end of the bytecode.
class RangeBuilder {
 public:
  explicit RangeBuilder(std::uint32_t code_size) : code_size_(code_size) {}

  // Appends `length` bytes at the place that `range` names. Without a line there is no place:
  // what opens a module has line 0 and columns, which are of no use to anyone.
  void append(std::uint32_t length, PositionRange range) {
    const std::uint32_t take = std::min(length, code_size_ - at_);
    if (take == 0) {
      return;
    }
    if (!range.has_line()) {
      range = PositionRange{};
    }
    range.begin = at_;
    at_ += take;
    range.end = at_;
    if (!ranges_.empty() && ranges_.back().same_place(range)) {
      ranges_.back().end = at_;
    } else {
      ranges_.push_back(range);
    }
  }

  [[nodiscard]] std::uint32_t left() const { return code_size_ - at_; }

  PositionTable finish(bool damaged) { return PositionTable(std::move(ranges_), damaged); }

 private:
  std::uint32_t code_size_;
  std::uint32_t at_ = 0;
  std::vector<PositionRange> ranges_;
};

PositionRange line_only(std::int64_t line) {
  return {.line = as_line(line), .end_line = as_line(line)};
}

PositionTable decode_lnotab(std::span<const std::uint8_t> table, std::uint32_t first_line,
                            std::uint32_t code_size) {
  RangeBuilder builder(code_size);
  std::int64_t line = first_line;
  for (std::size_t i = 0; i + 1 < table.size(); i += 2) {
    builder.append(table[i], line_only(line));
    line += static_cast<std::int8_t>(table[i + 1]);
  }
  builder.append(builder.left(), line_only(line));
  return builder.finish(table.size() % 2 != 0);
}

PositionTable decode_linetable(std::span<const std::uint8_t> table, std::uint32_t first_line,
                               std::uint32_t code_size) {
  constexpr std::int8_t kWithoutLine = -128;
  RangeBuilder builder(code_size);
  std::int64_t line = first_line;
  for (std::size_t i = 0; i + 1 < table.size(); i += 2) {
    const auto delta = static_cast<std::int8_t>(table[i + 1]);
    if (delta == kWithoutLine) {
      builder.append(table[i], PositionRange{});
      continue;
    }
    line += delta;
    builder.append(table[i], line_only(line));
  }
  return builder.finish(table.size() % 2 != 0 || builder.left() != 0);
}

// Reads the entries of the 3.11 format. Each read says whether it stayed inside the table.
class LocationReader {
 public:
  LocationReader(std::span<const std::uint8_t> table, std::uint32_t first_line)
      : table_(table), line_(first_line) {}

  [[nodiscard]] bool at_end() const { return at_ >= table_.size(); }

  // Decodes one entry; `units` is its length in code units of two bytes.
  bool next(std::uint32_t& units, PositionRange& range) {
    std::uint8_t first = 0;
    if (!byte(first) || (first & 0x80) == 0) {
      return false;
    }
    units = (first & 7U) + 1;
    range = PositionRange{};
    const unsigned kind = (first >> 3) & 15U;
    switch (kind) {
      case 15: return true;
      case 14: return long_form(range);
      case 13: return without_columns(range);
      case 12:
      case 11:
      case 10: return one_line(range, kind - 10);
      default: return short_form(range, kind);
    }
  }

 private:
  bool byte(std::uint8_t& value) {
    if (at_end()) {
      return false;
    }
    value = table_[at_++];
    return true;
  }

  // Six bits a byte, the lowest first; bit 6 says that another byte follows.
  bool varint(std::uint32_t& value) {
    std::uint64_t sum = 0;
    for (unsigned shift = 0; shift < 36; shift += 6) {
      std::uint8_t part = 0;
      if (!byte(part)) {
        return false;
      }
      sum |= std::uint64_t{part & 63U} << shift;
      if ((part & 64U) == 0) {
        value = static_cast<std::uint32_t>(sum);
        return sum <= std::numeric_limits<std::uint32_t>::max();
      }
    }
    return false;
  }

  bool signed_varint(std::int64_t& value) {
    std::uint32_t raw = 0;
    if (!varint(raw)) {
      return false;
    }
    value = (raw & 1U) != 0 ? -std::int64_t{raw >> 1} : std::int64_t{raw >> 1};
    return true;
  }

  void set_lines(PositionRange& range, std::int64_t end_delta) {
    range.line = as_line(line_);
    range.end_line = as_line(line_ + end_delta);
  }

  bool long_form(PositionRange& range) {
    std::int64_t delta = 0;
    std::uint32_t end_delta = 0;
    std::uint32_t column = 0;
    std::uint32_t end_column = 0;
    if (!signed_varint(delta) || !varint(end_delta) || !varint(column) || !varint(end_column)) {
      return false;
    }
    line_ += delta;
    set_lines(range, end_delta);
    range.column = column == 0 ? kNoColumn : column - 1;
    range.end_column = end_column == 0 ? kNoColumn : end_column - 1;
    return true;
  }

  bool without_columns(PositionRange& range) {
    std::int64_t delta = 0;
    if (!signed_varint(delta)) {
      return false;
    }
    line_ += delta;
    set_lines(range, 0);
    return true;
  }

  bool one_line(PositionRange& range, unsigned delta) {
    std::uint8_t column = 0;
    std::uint8_t end_column = 0;
    if (!byte(column) || !byte(end_column)) {
      return false;
    }
    line_ += delta;
    set_lines(range, 0);
    range.column = column;
    range.end_column = end_column;
    return true;
  }

  bool short_form(PositionRange& range, unsigned kind) {
    std::uint8_t columns = 0;
    if (!byte(columns)) {
      return false;
    }
    set_lines(range, 0);
    range.column = kind << 3 | ((columns >> 4) & 7U);
    range.end_column = range.column + (columns & 15U);
    return true;
  }

  std::span<const std::uint8_t> table_;
  std::size_t at_ = 0;
  std::int64_t line_;
};

PositionTable decode_locations(std::span<const std::uint8_t> table, std::uint32_t first_line,
                               std::uint32_t code_size) {
  RangeBuilder builder(code_size);
  LocationReader reader(table, first_line);
  while (!reader.at_end()) {
    std::uint32_t units = 0;
    PositionRange range;
    if (!reader.next(units, range)) {
      return builder.finish(true);
    }
    builder.append(units * 2, range);
  }
  return builder.finish(builder.left() != 0);
}

}  // namespace

LineTableFormat line_table_format(PythonVersion version) {
  if (version.at_least(11)) {
    return LineTableFormat::locations;
  }
  return version.is_minor(10) ? LineTableFormat::linetable : LineTableFormat::lnotab;
}

PositionTable::PositionTable(std::vector<PositionRange> ranges, bool damaged)
    : ranges_(std::move(ranges)),
      has_columns_(std::ranges::any_of(ranges_, &PositionRange::has_columns)),
      damaged_(damaged) {}

std::optional<PositionRange> PositionTable::lookup(std::int64_t offset) const {
  const auto after = std::ranges::upper_bound(
      ranges_, offset, {}, [](const PositionRange& range) { return std::int64_t{range.begin}; });
  if (after == ranges_.begin()) {
    return std::nullopt;
  }
  const PositionRange& range = *(after - 1);
  return offset < std::int64_t{range.end} ? std::optional(range) : std::nullopt;
}

PositionTable decode_line_table(LineTableFormat format, std::span<const std::uint8_t> table,
                                std::uint32_t first_line, std::uint32_t code_size) {
  switch (format) {
    case LineTableFormat::lnotab: return decode_lnotab(table, first_line, code_size);
    case LineTableFormat::linetable: return decode_linetable(table, first_line, code_size);
    case LineTableFormat::locations: return decode_locations(table, first_line, code_size);
  }
  return PositionTable({}, true);
}

}  // namespace lancehead::code
