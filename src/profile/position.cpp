#include "profile/position.h"

#include <optional>
#include <string_view>

namespace lancehead::profile {
namespace {

using schema::CodeId;
using schema::LineTableKind;
using schema::Tables;

static_assert(kNoLine == code::kNoLine && kNoColumn == code::kNoColumn);

std::optional<code::LineTableFormat> format_of(LineTableKind kind) {
  switch (kind) {
    case LineTableKind::none: return std::nullopt;
    case LineTableKind::lnotab: return code::LineTableFormat::lnotab;
    case LineTableKind::linetable: return code::LineTableFormat::linetable;
    case LineTableKind::locations: return code::LineTableFormat::locations;
  }
  return std::nullopt;
}

std::uint64_t key_of(CodeId code, std::uint32_t offset) {
  return (std::uint64_t{code.value} << 32U) | offset;
}

code::PositionTable decode(const Tables& tables, CodeId id) {
  const auto& codes = tables.codes;
  const auto format = format_of(codes.line_table_kind[id.row()]);
  if (!format) {
    return {};
  }
  const std::string_view bytes = codes.line_table[id.row()];
  const std::vector<std::uint8_t> raw(bytes.begin(), bytes.end());
  return code::decode_line_table(*format, raw, codes.first_line[id.row()],
                                 static_cast<std::uint32_t>(codes.bytecode[id.row()].size()));
}

}  // namespace

PositionResolver::PositionResolver(const Tables& tables)
    : tables_(&tables), decoded_(tables.codes.size()) {
  const auto& positions = tables.positions;
  for (std::size_t row = 0; row < positions.size(); ++row) {
    found_.emplace(key_of(positions.code[row], positions.offset[row]), row);
  }
}

Position PositionResolver::resolve(CodeId code, std::int32_t offset) {
  if (code.is_none()) {
    return {};
  }
  if (offset < 0) {
    const std::uint32_t line = tables_->codes.first_line[code.row()];
    return {.line = line, .end_line = line};
  }
  const auto unsigned_offset = static_cast<std::uint32_t>(offset);
  if (const auto row = found_.find(key_of(code, unsigned_offset)); row != found_.end()) {
    return recovered(row->second);
  }
  return from_line_table(code, unsigned_offset);
}

Position PositionResolver::recovered(std::size_t row) const {
  const auto& positions = tables_->positions;
  return {.line = positions.line[row],
          .end_line = positions.end_line[row],
          .column = positions.column[row],
          .end_column = positions.end_column[row]};
}

const code::PositionTable& PositionResolver::table_of(CodeId code) {
  auto& table = decoded_[code.row()];
  if (!table) {
    table = decode(*tables_, code);
  }
  return *table;
}

Position PositionResolver::from_line_table(CodeId code, std::uint32_t offset) {
  const auto range = table_of(code).lookup(offset);
  if (!range) {
    return {};
  }
  return {.line = range->line,
          .end_line = range->end_line,
          .column = range->column,
          .end_column = range->end_column};
}

std::uint32_t PositionResolver::same_place_until(CodeId code, std::uint32_t offset) {
  const auto range = table_of(code).lookup(offset);
  return range ? range->end : offset;
}

std::vector<Position> resolve_positions(const Tables& tables) {
  PositionResolver resolver(tables);
  std::vector<Position> positions;
  positions.reserve(tables.frames.size());
  for (std::size_t row = 0; row < tables.frames.size(); ++row) {
    positions.push_back(resolver.resolve(tables.frames.code[row], tables.frames.offset[row]));
  }
  return positions;
}

}  // namespace lancehead::profile
