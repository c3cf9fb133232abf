#include "unit/record/support.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace lancehead::record::testing {

Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "lancehead-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    ADD_FAILURE() << "no folder for the test";
  }
  path_ = name;
}

Folder::~Folder() {
  std::filesystem::remove_all(path_);
}

Bytes load(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto bytes = as_byte_span(text);
  return {bytes.begin(), bytes.end()};
}

void store(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  const auto text = as_text(bytes);
  std::ofstream(path, std::ios::binary).write(text.data(), std::ssize(text));
}

void RandomRows::append_cell(BlobColumn& column) {
  std::string value(random_() % 20, '\0');
  for (char& c : value) {
    c = static_cast<char>(random_());
  }
  column.push_back(value);
}

schema::Tables random_tables(std::uint64_t seed, std::uint32_t rows) {
  schema::Tables tables;
  RandomRows random(seed, rows);
  tables.for_each([&](auto& table) {
    for (std::uint32_t row = 0; row < rows; ++row) {
      random.append_to(table);
    }
  });
  return tables;
}

void append_all(Writer& writer, const schema::Tables& tables, std::size_t first, std::size_t last) {
  tables.for_each([&](const auto& table) {
    for (std::size_t row = first; row < std::min(last, table.size()); ++row) {
      EXPECT_EQ(writer.append(table.row(row)).row(), row);
    }
  });
}

namespace {

template <typename Table>
const Table& counterpart(const schema::Tables& tables, const Table&) {
  return tables.get<Table>();
}

template <typename Cell>
bool same(const Cell& a, const Cell& b) {
  return a == b;
}
template <typename T>
bool same(std::span<const T> a, std::span<const T> b) {
  return std::ranges::equal(a, b);
}

template <typename Cell>
bool same_or_cleared(const Cell& a, const Cell& b) {
  return same(a, b);
}
template <typename Tag>
bool same_or_cleared(const Id<Tag>& a, const Id<Tag>& b) {
  return a == b || a.is_none();
}
template <typename T>
bool same_or_cleared(std::span<const T> a, std::span<const T> b) {
  return a.size() == b.size() &&
         std::ranges::equal(a, b, [](T x, T y) { return same_or_cleared(x, y); });
}

// Calls `visit` with the columns of both tables, in step.
template <typename Table, typename Visitor>
void for_each_pair(const Table& a, const Table& b, Visitor visit) {
  a.for_each_column([&](const schema::ColumnInfo& info, const auto& left) {
    b.for_each_column([&](const schema::ColumnInfo& other, const auto& right) {
      if constexpr (std::is_same_v<decltype(left), decltype(right)>) {
        if (info.name == other.name) {
          visit(info, left, right);
        }
      }
    });
  });
}

template <typename Table>
bool row_agrees(const Table& got, const Table& wanted, std::size_t row, std::size_t wanted_row) {
  bool agrees = true;
  for_each_pair(got, wanted, [&](const schema::ColumnInfo&, const auto& left, const auto& right) {
    agrees = agrees && same_or_cleared(left[row], right[wanted_row]);
  });
  return agrees;
}

}  // namespace

void expect_equal(const schema::Tables& got, const schema::Tables& wanted) {
  got.for_each([&](const auto& table) {
    const auto& other = counterpart(wanted, table);
    ASSERT_EQ(table.size(), other.size()) << table.kName;
    for_each_pair(table, other,
                  [&](const schema::ColumnInfo& info, const auto& left, const auto& right) {
                    for (std::size_t row = 0; row < left.size(); ++row) {
                      ASSERT_TRUE(same(left[row], right[row]))
                          << table.kName << "." << info.name << ", row " << row;
                    }
                  });
  });
}

void expect_right_or_missing(const schema::Tables& got, const schema::Tables& wanted) {
  got.for_each([&](const auto& table) {
    using Table = std::remove_cvref_t<decltype(table)>;
    Table empty;
    empty.append({});
    const auto& other = counterpart(wanted, table);
    ASSERT_LE(table.size(), other.size()) << table.kName;
    for (std::size_t row = 0; row < table.size(); ++row) {
      ASSERT_TRUE(row_agrees(table, other, row, row) || row_agrees(table, empty, row, 0))
          << table.kName << ", row " << row;
    }
  });
}

Bytes record_tables(const schema::Tables& tables, std::size_t rows_per_flush) {
  const Folder folder;
  const auto path = folder / "a.lancehead";
  auto writer = Writer::create(path);
  EXPECT_TRUE(writer);
  std::size_t rows = 0;
  tables.for_each([&](const auto& table) { rows = std::max(rows, table.size()); });
  for (std::size_t first = 0; first < rows; first += rows_per_flush) {
    append_all(**writer, tables, first, first + rows_per_flush);
    EXPECT_TRUE((*writer)->flush());
  }
  EXPECT_TRUE((*writer)->finish());
  return load(path);
}

}  // namespace lancehead::record::testing
