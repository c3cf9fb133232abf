// Ids resolved to what they stand for, also where the recording lies.
#include "profile/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/text_profile.h"

namespace lancehead::profile {
namespace {

using schema::CodeRow;
using schema::FrameId;
using schema::FrameRow;
using schema::StackId;
using schema::StackRow;
using schema::Tables;
using ::testing::SizeIs;

TEST(Profile, MergesCodeObjectsOfOneFunction) {
  auto tables = test::tables_from_text("sample MainThread holds_gil : f a.py:3");
  tables.append(tables.codes.row(std::size_t{0}));  // the same, as another process has it
  CodeRow other = tables.codes.row(std::size_t{0});
  other.first_line = 9;
  tables.append(other);
  const Profile profile(std::move(tables));
  EXPECT_THAT(profile.functions(), SizeIs(2));
}

TEST(Profile, TakesPositionsFromTheTableBeforeTheLineTable) {
  Tables tables;
  CodeRow code;
  code.first_line = 10;
  code.line_table_kind = schema::LineTableKind::lnotab;
  code.line_table = std::string_view("\x00\x01\x04\x02", 4);  // line 11, from byte 4 on 13
  code.bytecode = std::string_view("\0\0\0\0\0\0\0\0", 8);
  const auto id = tables.append(code);
  for (const std::int32_t offset : {0, 2, 4, -1}) {
    tables.append(FrameRow{.code = id, .offset = offset, .address = 0});
  }
  tables.append(schema::PositionRow{.code = id,
                                    .offset = 2,
                                    .origin = schema::PositionOrigin::recompiled,
                                    .line = 11,
                                    .end_line = 11,
                                    .column = 4,
                                    .end_column = 9});
  const Profile profile(std::move(tables));
  EXPECT_EQ(profile.position_of(FrameId(0U)).line, 11U);
  EXPECT_FALSE(profile.position_of(FrameId(0U)).has_columns());
  EXPECT_EQ(profile.position_of(FrameId(1U)).end_column, 9U);
  EXPECT_EQ(profile.position_of(FrameId(2U)).line, 13U);
  EXPECT_EQ(profile.position_of(FrameId(3U)).line, 10U);  // not started: its definition
}

TEST(Profile, CutsParentsThatDoNotComeFirst) {
  Tables tables;
  const auto frame = tables.append(FrameRow{});
  tables.append(StackRow{.parent = StackId(std::size_t{1}), .frame = frame});
  tables.append(StackRow{.parent = StackId(std::size_t{0}), .frame = frame});
  const Profile profile(std::move(tables));
  EXPECT_THAT(profile.frames_of(StackId(std::size_t{1})), SizeIs(2));
  EXPECT_THAT(profile.damage().sentences, SizeIs(1));
}

TEST(Profile, FindsTheProcessOfAThreadThroughDamagedParents) {
  Tables tables;
  using schema::ContextId;
  tables.append(schema::ContextRow{
      .kind = schema::ContextKind::thread, .parent = ContextId(std::size_t{1}), .os_id = 7});
  tables.append(schema::ContextRow{
      .kind = schema::ContextKind::interpreter, .parent = ContextId(std::size_t{0}), .os_id = 0});
  const Profile profile(std::move(tables));
  ASSERT_THAT(profile.threads(), SizeIs(1));
  EXPECT_TRUE(profile.threads()[0].process.is_none());
}

TEST(SourceText, HasLinesAsPythonCountsThem) {
  const SourceText text("\xEF\xBB\xBFone\r\ntwo\rthree\n\nfive");
  EXPECT_EQ(text.line(1), "one");
  EXPECT_EQ(text.line(2), "two");
  EXPECT_EQ(text.line(3), "three");
  EXPECT_EQ(text.line(4), "");
  EXPECT_EQ(text.line(5), "five");
  EXPECT_EQ(text.line(0), std::nullopt);
  EXPECT_EQ(text.line(6), std::nullopt);
}

}  // namespace
}  // namespace lancehead::profile
