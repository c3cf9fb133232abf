#include "code/line_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <vector>

namespace lancehead::code {
namespace {

using ::testing::ElementsAre;
using Bytes = std::vector<std::uint8_t>;

PositionRange lines(std::uint32_t begin, std::uint32_t end, std::uint32_t line) {
  return {.begin = begin, .end = end, .line = line, .end_line = line};
}

std::vector<PositionRange> decoded(LineTableFormat format, const Bytes& table,
                                   std::uint32_t first_line, std::uint32_t code_size) {
  const PositionTable positions = decode_line_table(format, table, first_line, code_size);
  EXPECT_FALSE(positions.is_damaged());
  return {positions.ranges().begin(), positions.ranges().end()};
}

TEST(LineTable, FormatFollowsTheVersion) {
  EXPECT_EQ(line_table_format(PythonVersion{3, 8, 0, 0xF, 0}), LineTableFormat::lnotab);
  EXPECT_EQ(line_table_format(PythonVersion{3, 9, 18, 0xF, 0}), LineTableFormat::lnotab);
  EXPECT_EQ(line_table_format(PythonVersion{3, 10, 0, 0xA, 1}), LineTableFormat::linetable);
  EXPECT_EQ(line_table_format(PythonVersion{3, 11, 0, 0xF, 0}), LineTableFormat::locations);
  EXPECT_EQ(line_table_format(PythonVersion{3, 16, 0, 0xA, 0}), LineTableFormat::locations);
}

TEST(Lnotab, DifferencesAddUpAndTheLastLineReachesToTheEnd) {
  EXPECT_THAT(decoded(LineTableFormat::lnotab, {6, 1, 8, 0xFE, 4, 3}, 10, 30),
              ElementsAre(lines(0, 6, 10), lines(6, 14, 11), lines(14, 18, 9), lines(18, 30, 12)));
}

TEST(Lnotab, LargeStepsAreSplitOverSeveralPairs) {
  EXPECT_THAT(decoded(LineTableFormat::lnotab, {255, 0, 45, 127, 0, 3}, 1, 400),
              ElementsAre(lines(0, 300, 1), lines(300, 400, 131)));
}

TEST(Lnotab, AnEmptyTableIsOneLine) {
  EXPECT_THAT(decoded(LineTableFormat::lnotab, {}, 7, 4), ElementsAre(lines(0, 4, 7)));
}

TEST(Linetable, PairsHoldLengthsAndAnInstructionCanHaveNoLine) {
  EXPECT_THAT(decoded(LineTableFormat::linetable, {4, 1, 2, 0x80, 6, 2, 2, 0xFF}, 20, 14),
              ElementsAre(lines(0, 4, 21), PositionRange{.begin = 4, .end = 6}, lines(6, 12, 23),
                          lines(12, 14, 22)));
}

TEST(Linetable, ATableShorterThanTheCodeIsDamage) {
  EXPECT_TRUE(decode_line_table(LineTableFormat::linetable, Bytes{4, 1}, 1, 10).is_damaged());
}

TEST(Locations, EachFormOfEntry) {
  const Bytes table = {
      0x80 | (1 << 3) | 1,
      (3 << 4) | 4,  // short: 2 units, columns 11 to 15
      0x80 | (12 << 3),
      5,
      200,  // one line, two further down
      0x80 | (14 << 3) | 7,
      3,
      2,
      41,
      7,  // long: line -1, two lines, columns 40 and 6
      0x80 | (13 << 3),
      4,                 // no columns, line +2
      0x80 | (15 << 3),  // nothing
      0x80 | (14 << 3),
      0,
      0,
      0,
      0,  // long without columns
  };
  EXPECT_THAT(decoded(LineTableFormat::locations, table, 10, 28),
              ElementsAre(PositionRange{0, 4, 10, 10, 11, 15}, PositionRange{4, 6, 12, 12, 5, 200},
                          PositionRange{6, 22, 11, 13, 40, 6}, lines(22, 24, 13),
                          PositionRange{.begin = 24, .end = 26}, lines(26, 28, 13)));
}

TEST(Locations, VarintsHaveSixBitsAByte) {
  const Bytes table = {0x80 | (14 << 3), 0x40 | 16, 2, 0, 0x40 | 1, 1, 0x40 | 2, 1};
  EXPECT_THAT(decoded(LineTableFormat::locations, table, 1, 2),
              ElementsAre(PositionRange{0, 2, 73, 73, 64, 65}));
}

TEST(Locations, BrokenTablesKeepWhatCameBefore) {
  const Bytes good = {0x80, 0x12};
  for (const Bytes& tail :
       {Bytes{0x05}, Bytes{0x80 | (14 << 3), 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F},
        Bytes{0x80 | (10 << 3), 1}, Bytes{0x80 | (13 << 3)}}) {
    Bytes table = good;
    table.insert(table.end(), tail.begin(), tail.end());
    const PositionTable positions = decode_line_table(LineTableFormat::locations, table, 1, 100);
    EXPECT_TRUE(positions.is_damaged());
    EXPECT_THAT(positions.ranges(), ElementsAre(PositionRange{0, 2, 1, 1, 1, 3}));
  }
}

TEST(Locations, LinesOutsideOfAnIntAreNone) {
  const Bytes down = {0x80 | (13 << 3), 0x40 | 21, 1};
  EXPECT_THAT(decoded(LineTableFormat::locations, down, 5, 2),
              ElementsAre(PositionRange{.begin = 0, .end = 2}));
}

TEST(PositionTable, LooksUpByByteOffset) {
  const PositionTable table({lines(0, 4, 1), lines(4, 10, 2)});
  EXPECT_EQ(table.lookup(0)->line, 1U);
  EXPECT_EQ(table.lookup(3)->line, 1U);
  EXPECT_EQ(table.lookup(4)->line, 2U);
  EXPECT_EQ(table.lookup(9)->line, 2U);
  EXPECT_FALSE(table.lookup(10));
  EXPECT_FALSE(table.lookup(-1));
  EXPECT_FALSE(PositionTable{}.lookup(0));
}

TEST(PositionTable, KnowsWhetherThereAreColumns) {
  EXPECT_FALSE(PositionTable({lines(0, 4, 1)}).has_columns());
  EXPECT_TRUE(PositionTable({lines(0, 4, 1), {4, 6, 1, 1, 0, 3}}).has_columns());
}

// Whatever the bytes are: ranges are sorted, touch each other, and end with the code.
TEST(LineTable, AnyBytesGiveOrderlyRanges) {
  std::mt19937 random(20261122);  // NOLINT: the same bytes each time
  for (int round = 0; round < 20000; ++round) {
    Bytes table(random() % 40);
    for (std::uint8_t& byte : table) {
      byte = static_cast<std::uint8_t>(random());
    }
    const auto size = static_cast<std::uint32_t>(random() % 300);
    const auto format = static_cast<LineTableFormat>(round % 3);
    const auto first = static_cast<std::uint32_t>(random());
    const PositionTable positions = decode_line_table(format, table, first, size);
    std::uint32_t at = 0;
    for (const PositionRange& range : positions.ranges()) {
      ASSERT_EQ(range.begin, at);
      ASSERT_LT(range.begin, range.end);
      at = range.end;
    }
    ASSERT_LE(at, size);
    ASSERT_TRUE(at == size || positions.is_damaged());
  }
}

}  // namespace
}  // namespace lancehead::code
