// What the tests of recordings share: a folder of their own, random tables, whole files.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "record/reader.h"
#include "record/writer.h"
#include "schema/tables.h"

namespace lancehead::record::testing {

// A folder that goes away with the test.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

[[nodiscard]] Bytes load(const std::filesystem::path& path);
void store(const std::filesystem::path& path, std::span<const std::byte> bytes);

// Fills a row of any table with values that its columns can hold exactly; small and extreme ones.
// Ids are none or below `id_limit`.
class RandomRows {
 public:
  RandomRows(std::uint64_t seed, std::uint32_t id_limit) : random_(seed), id_limit_(id_limit) {}

  // Appends a random row to `table`.
  template <typename Table>
  void append_to(Table& table) {
    table.for_each_column([&](const schema::ColumnInfo&, auto& column) { append_cell(column); });
  }

 private:
  template <typename T>
  void append_cell(std::vector<T>& column) {
    T value{};
    do {
      fill(value);
    } while (!exact(value, column));
    column.push_back(value);
  }
  void append_cell(BlobColumn& column);
  template <typename T>
  void append_cell(ListColumn<T>& column) {
    std::vector<T> items(random_() % 4);
    for (T& item : items) {
      fill(item);
    }
    column.push_back(items);
  }

  template <std::integral T>
  void fill(T& value) {
    value = static_cast<T>(random_() >> (random_() % 64));
    // Scaled columns keep multiples of 1000 exactly.
    if constexpr (sizeof(T) == 8 && std::is_signed_v<T>) {
      value = value / 1000 * 1000 * (random_() % 2 == 0 ? 1 : -1);
    }
  }
  template <typename Tag>
  void fill(Id<Tag>& id) {
    id = random_() % 4 == 0 ? Id<Tag>{} : Id<Tag>(random_() % id_limit_);
  }
  template <typename T>
    requires(std::is_enum_v<T>)
  void fill(T& value) {
    value = static_cast<T>(random_() % kEnumLimit<T>);
  }
  template <codec::FlagSet T>
  void fill(T& value) {
    value = T::from_bits(static_cast<std::uint32_t>(random_()) & T::kAll);
  }

  // Parents of stacks and contexts refer to rows before only.
  template <typename T, typename Column>
  bool exact(const T&, const Column&) {
    return true;
  }
  bool exact(const schema::StackId& id, const std::vector<schema::StackId>& column) {
    return id.is_none() || id.row() < column.size();
  }
  bool exact(const schema::ContextId& id, const std::vector<schema::ContextId>& column) {
    return id.is_none() || id.row() < column.size();
  }

  std::mt19937_64 random_;
  std::uint32_t id_limit_;
};

// Tables of `rows` random rows each.
[[nodiscard]] schema::Tables random_tables(std::uint64_t seed, std::uint32_t rows);

// Appends the rows [first, last) of every table that has them.
void append_all(Writer& writer, const schema::Tables& tables, std::size_t first, std::size_t last);

void expect_equal(const schema::Tables& got, const schema::Tables& wanted);

// Every cell of every row of `got` is that of `wanted`, or the row is an empty one. References of
// `got` may be none where they lead to a lost row.
void expect_right_or_missing(const schema::Tables& got, const schema::Tables& wanted);

// The bytes of a recording of `tables`, flushed every `rows_per_flush` rows.
[[nodiscard]] Bytes record_tables(const schema::Tables& tables, std::size_t rows_per_flush);

}  // namespace lancehead::record::testing
