#include <gtest/gtest.h>
#include <sys/stat.h>

#include "record/string_interner.h"
#include "unit/record/support.h"

namespace lancehead::record {
namespace {

using testing::Folder;

TEST(Recording, RandomTablesComeBackWhole) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U, 6U}) {
    const auto rows = static_cast<std::uint32_t>(1 + seed * seed * 40);
    const schema::Tables tables = testing::random_tables(seed, rows);
    const auto recording = read_bytes(testing::record_tables(tables, 100 * seed), "x");
    ASSERT_TRUE(recording);
    EXPECT_TRUE(recording->complete);
    EXPECT_EQ(recording->version, schema::kFormatVersion);
    EXPECT_TRUE(recording->damage.empty());
    testing::expect_equal(recording->tables, tables);
  }
}

TEST(Recording, ManyRowsAndLargeTextsInOneFlush) {
  const Folder folder;
  const auto path = folder / "a.lancehead";
  auto writer = Writer::create(path);
  ASSERT_TRUE(writer);
  const std::string text(3'000'000, 'x');
  for (const std::string_view source : {"a = 1\n", text.c_str(), "", text.c_str(), "b\n"}) {
    (*writer)->append(schema::SourceRow{.text = source});
  }
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    (*writer)->append(schema::FrameRow{.offset = static_cast<std::int32_t>(i)});
  }
  ASSERT_TRUE((*writer)->finish());
  const auto recording = read(path);
  ASSERT_TRUE(recording);
  EXPECT_TRUE(recording->damage.empty());
  ASSERT_EQ(recording->tables.sources.size(), 5U);
  EXPECT_EQ(recording->tables.sources.text[3], text);
  EXPECT_EQ(recording->tables.sources.text[4], "b\n");
  ASSERT_EQ(recording->tables.frames.size(), 100'000U);
  EXPECT_EQ(recording->tables.frames.offset[99'999], 99'999);
}

TEST(Writer, ARowThatIsTooLargeIsLeftEmptyAndSaidSo) {
  const Folder folder;
  const auto path = folder / "a.lancehead";
  auto writer = Writer::create(path);
  ASSERT_TRUE(writer);
  (*writer)->append(schema::SourceRow{.text = std::string(65U << 20U, 'x')});
  (*writer)->append(schema::SourceRow{.text = "small"});
  const auto flushed = (*writer)->flush();
  ASSERT_FALSE(flushed);
  EXPECT_NE(flushed.error().what.find("`sources`"), std::string::npos);
  EXPECT_TRUE((*writer)->flush());
  EXPECT_FALSE((*writer)->finish());
  const auto recording = read(path);
  ASSERT_TRUE(recording);
  ASSERT_EQ(recording->tables.sources.size(), 2U);
  EXPECT_EQ(recording->tables.sources.text[0], "");
  EXPECT_EQ(recording->tables.sources.text[1], "small");
}

TEST(StringInterner, GivesEachTextOneRowAcrossFlushes) {
  const Folder folder;
  const auto path = folder / "a.lancehead";
  auto writer = Writer::create(path);
  ASSERT_TRUE(writer);
  StringInterner strings(**writer);
  const auto main = strings.intern("main");
  const auto lone_surrogate = strings.intern("\xED\xA0\x80");
  ASSERT_TRUE((*writer)->flush());
  EXPECT_EQ(strings.intern("main"), main);
  const auto empty = strings.intern("");
  EXPECT_NE(empty, main);
  EXPECT_EQ((*writer)->rows<schema::StringTable>(), 3U);
  ASSERT_TRUE((*writer)->finish());
  const auto recording = read(path);
  ASSERT_TRUE(recording);
  EXPECT_EQ(recording->tables.strings.text[main.row()], "main");
  EXPECT_EQ(recording->tables.strings.text[lone_surrogate.row()], "\xED\xA0\x80");
  EXPECT_EQ(recording->tables.strings.text[empty.row()], "");
}

TEST(Writer, KeepsTheFileToItsOwner) {
  const Folder folder;
  const auto path = folder / "a.lancehead";
  const mode_t before = ::umask(0);
  auto writer = Writer::create(path);
  ::umask(before);
  ASSERT_TRUE(writer);
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(Writer, WithoutFinishTheRowsAreThereButTheRecordingIsNotComplete) {
  const Folder folder;
  const auto path = folder / "a.lancehead";
  {
    auto writer = Writer::create(path);
    ASSERT_TRUE(writer);
    (*writer)->append(schema::StringRow{.text = "kept"});
  }
  const auto recording = read(path);
  ASSERT_TRUE(recording);
  EXPECT_FALSE(recording->complete);
  EXPECT_TRUE(recording->damage.empty());
  ASSERT_EQ(recording->tables.strings.size(), 1U);
}

TEST(Writer, FinishesOnce) {
  const Folder folder;
  const auto path = folder / "a.lancehead";
  auto writer = Writer::create(path);
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->finish());
  const auto size = std::filesystem::file_size(path);
  ASSERT_TRUE((*writer)->finish());
  EXPECT_EQ(std::filesystem::file_size(path), size);
}

}  // namespace
}  // namespace lancehead::record
