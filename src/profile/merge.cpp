#include "profile/merge.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace lancehead::profile {
namespace {

using schema::Tables;

// By table, then by row of one recording: the row in the merged tables.
template <typename Table>
using RowMap = std::vector<typename Table::RowId>;

// Rows that are equal after their ids were renumbered stand for the same thing.
template <typename Table>
inline constexpr bool kInterned =
    std::is_same_v<Table, schema::StringTable> || std::is_same_v<Table, schema::SourceTable> ||
    std::is_same_v<Table, schema::CodeTable> || std::is_same_v<Table, schema::FrameTable> ||
    std::is_same_v<Table, schema::StackTable> || std::is_same_v<Table, schema::MetricTable> ||
    std::is_same_v<Table, schema::PositionTable>;

// When the recording began since 1970; nothing when no session says so.
std::optional<std::int64_t> beginning(const Tables& tables) {
  if (tables.sessions.size() == 0 || tables.sessions.wall_clock[0] == 0) {
    return std::nullopt;
  }
  std::int64_t began = 0;
  if (__builtin_sub_overflow(tables.sessions.wall_clock[0], tables.sessions.started[0], &began)) {
    return std::nullopt;
  }
  return began;
}

// What is equal for rows that stand for the same thing; a code has one position at an offset.
template <typename Table>
std::string identity(const Table& table, std::size_t row) {
  if constexpr (std::is_same_v<Table, schema::CodeTable>) {
    if (const auto hash = table.content_hash[row]; !hash.empty()) {
      return std::string(hash);
    }
  }
  ByteWriter key;
  if constexpr (std::is_same_v<Table, schema::PositionTable>) {
    key.little(table.code[row].value);
    key.little(table.offset[row]);
  } else {
    table.encode(row, row + 1, key);
  }
  return std::string(as_text(key.data()));
}

class Merger {
 public:
  [[nodiscard]] Tables take() { return std::move(merged_); }

  // `shift` is added to each moment.
  void add(const Tables& recording, std::int64_t shift) {
    recording.for_each([&](const auto& table) { begin_map(table); });
    recording.for_each([&](const auto& table) { add_table(table, shift); });
  }

 private:
  template <typename Table>
  RowMap<Table>& map_of() {
    return std::get<RowMap<Table>>(maps_);
  }

  // Appended rows keep their order, so that their new ids are known before they are there.
  template <typename Table>
  void begin_map(const Table& table) {
    auto& map = map_of<Table>();
    map.assign(table.size(), {});
    if constexpr (!kInterned<Table>) {
      const std::size_t offset = merged_.get<Table>().size();
      for (std::size_t row = 0; row < map.size(); ++row) {
        map[row] = typename Table::RowId(offset + row);
      }
    }
  }

  template <typename Table>
  void add_table(const Table& table, std::int64_t shift) {
    Table copy = table;
    copy.for_each_column([&](const schema::ColumnInfo& info, auto& column) {
      if (info.moment) {
        shift_moments(column, shift);
      }
    });
    for (std::size_t row = 0; row < table.size(); ++row) {
      // Row by row: a row of an interned table may refer to rows before it.
      copy.for_each_column([&](const schema::ColumnInfo&, auto& column) { renumber(column, row); });
      if constexpr (kInterned<Table>) {
        map_of<Table>()[row] = intern(copy, row);
      } else {
        merged_.append(copy.row(row));
      }
    }
  }

  template <typename Table>
  typename Table::RowId intern(const Table& table, std::size_t row) {
    auto& known = known_[Table::kIndex];
    const auto next = static_cast<std::uint32_t>(merged_.get<Table>().size());
    const auto [entry, is_new] = known.try_emplace(identity(table, row), next);
    return is_new ? merged_.append(table.row(row)) : typename Table::RowId(entry->second);
  }

  template <typename Column>
  static void shift_moments(Column& column, std::int64_t shift) {
    if constexpr (std::is_same_v<Column, std::vector<std::int64_t>>) {
      for (std::int64_t& moment : column) {
        if (moment >= 0 && moment <= std::numeric_limits<std::int64_t>::max() - shift) {
          moment += shift;
        }
      }
    }
  }

  template <typename T>
  void renumber(std::vector<T>&, std::size_t) {}
  void renumber(BlobColumn&, std::size_t) {}
  template <typename Tag>
  void renumber(std::vector<Id<Tag>>& ids, std::size_t row) {
    ids[row] = renumbered(ids[row]);
  }
  template <typename Tag>
  void renumber(ListColumn<Id<Tag>>& lists, std::size_t row) {
    for (Id<Tag>& id : lists.cell(row)) {
      id = renumbered(id);
    }
  }

  template <typename Tag>
  [[nodiscard]] Id<Tag> renumbered(Id<Tag> id) {
    return id.is_none() ? id : std::get<std::vector<Id<Tag>>>(maps_)[id.row()];
  }

  template <typename... Table>
  static std::tuple<RowMap<Table>...> maps_for(schema::TableList<Table...>);

  Tables merged_;
  decltype(maps_for(schema::AllTables{})) maps_;
  std::array<std::unordered_map<std::string, std::uint32_t>, schema::kTableCount> known_;
};

}  // namespace

schema::Tables merge(std::span<const schema::Tables> recordings) {
  std::int64_t first = std::numeric_limits<std::int64_t>::max();
  for (const Tables& recording : recordings) {
    first = std::min(first, beginning(recording).value_or(first));
  }
  Merger merger;
  for (const Tables& recording : recordings) {
    std::int64_t shift = 0;
    const std::int64_t began = beginning(recording).value_or(first);
    if (__builtin_sub_overflow(began, first, &shift)) {
      shift = 0;
    }
    merger.add(recording, shift);
  }
  return merger.take();
}

}  // namespace lancehead::profile
