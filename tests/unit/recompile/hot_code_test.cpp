#include "recompile/hot_code.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <limits>
#include <string>

#include "recompile/positions.h"

namespace lancehead::recompile {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class HotCode : public ::testing::Test {
 protected:
  HotCode() { session = tables.append(schema::SessionRow{.python_version = 0x030912F0}); }

  schema::StringId string(std::string_view text) {
    return tables.append(schema::StringRow{.text = text});
  }

  schema::SourceId source(std::string_view path, schema::SourceStatus status) {
    return tables.append(schema::SourceRow{.path = string(path), .status = status, .text = "x\n"});
  }

  schema::CodeId code(schema::SourceId from, std::string_view name,
                      schema::LineTableKind kind = schema::LineTableKind::lnotab,
                      std::string_view table = {}) {
    const schema::StringId id = string(name);
    return tables.append(schema::CodeRow{.name = id,
                                         .qualified_name = id,
                                         .source = from,
                                         .first_line = 1,
                                         .session = session,
                                         .line_table_kind = kind,
                                         .line_table = table,
                                         .bytecode = std::string_view("d\0S\0", 4)});
  }

  // A stack of these, the caller first, seen for `weight`.
  void sample(std::initializer_list<schema::CodeId> codes, std::int64_t weight) {
    schema::StackId stack;
    for (const schema::CodeId one : codes) {
      const auto frame = tables.append(schema::FrameRow{.code = one});
      stack = tables.append(schema::StackRow{.parent = stack, .frame = frame});
    }
    tables.append(schema::SampleRow{.stack = stack, .weight = weight});
  }

  schema::Tables tables;
  schema::SessionId session;
};

TEST_F(HotCode, ListsWhatIsOnSampledStacksTheHottestFileFirst) {
  const auto cold = source("cold.py", schema::SourceStatus::kept);
  const auto hot = source("hot.py", schema::SourceStatus::kept);
  const auto outer = code(cold, "outer");
  const auto never = code(cold, "never");
  const auto inner = code(hot, "inner");
  sample({outer, inner}, 500);
  sample({inner, inner}, 900);
  const auto files = hot_files(tables, session);
  ASSERT_THAT(files, SizeIs(2));
  EXPECT_EQ(files[0].source, hot);
  EXPECT_THAT(files[0].codes, ElementsAre(inner));
  EXPECT_THAT(files[1].codes, ElementsAre(outer));
  EXPECT_NE(outer, never);
}

TEST_F(HotCode, LeavesCodeWithColumnsAlone) {
  const auto from = source("new.py", schema::SourceStatus::kept);
  const std::string columns = {'\x81', '\x12'};
  const std::string lines_only = {'\xE9', '\x02'};
  const auto with = code(from, "with", schema::LineTableKind::locations, columns);
  const auto without = code(from, "without", schema::LineTableKind::locations, lines_only);
  const auto native = code(from, "native", schema::LineTableKind::none);
  const auto known = code(from, "known");
  tables.append(schema::PositionRow{.code = known, .line = 1, .end_line = 1});
  sample({with, without, native, known}, 1);
  const auto files = hot_files(tables, session);
  ASSERT_THAT(files, SizeIs(1));
  EXPECT_THAT(files[0].codes, ElementsAre(without));
}

TEST_F(HotCode, SurvivesIdsThatReferToNothing) {
  const auto lost = code(schema::SourceId(7), "lost");
  sample({lost, schema::CodeId(99)}, std::numeric_limits<std::int64_t>::max());
  sample({lost}, std::numeric_limits<std::int64_t>::max());
  tables.append(schema::StackRow{.parent = schema::StackId(77), .frame = schema::FrameId(77)});
  tables.append(schema::SampleRow{.stack = schema::StackId(1000)});
  EXPECT_THAT(hot_files(tables, session), SizeIs(1));
  EXPECT_THAT(hot_files(tables, schema::SessionId(5)), IsEmpty());
  EXPECT_THAT(recover_positions(tables, schema::SessionId(5), {}).notes, IsEmpty());
  EXPECT_THAT(recover_positions(tables, session, {}).notes,
              ElementsAre("The expressions of lost in an unknown file are not known: its source is "
                          "not known."));
}

TEST_F(HotCode, SaysWhySourcesAreMissing) {
  const auto without = code(source("a.py", schema::SourceStatus::left_out), "f");
  const auto string = code(source("<string>", schema::SourceStatus::not_a_file), "g");
  sample({without, string}, 1);
  const auto result = recover_positions(tables, session, {});
  EXPECT_EQ(result.wanted, 2U);
  EXPECT_EQ(result.recovered, 0U);
  EXPECT_THAT(result.notes,
              ElementsAre(HasSubstr("f in a.py are not known: its source was left out"),
                          HasSubstr("g in <string> are not known: its source is not a file")));
}

TEST_F(HotCode, SaysThatAVersionIsTooNew) {
  tables.sessions.python_version[0] = 0x031000F0;
  sample({code(source("a.py", schema::SourceStatus::kept), "f")}, 1);
  EXPECT_THAT(recover_positions(tables, session, {}).notes,
              ElementsAre(HasSubstr("the bytecode of Python 3.16 is not known")));
}

TEST_F(HotCode, PassesOnThatTheInterpreterIsMissing) {
  sample({code(source("a.py", schema::SourceStatus::kept), "f")}, 1);
  Interpreter interpreter;
  interpreter.argv = {"/nowhere/python3"};
  EXPECT_THAT(recover_positions(tables, session, interpreter).notes,
              ElementsAre(HasSubstr("'/nowhere/python3' cannot look for expressions")));
}

}  // namespace
}  // namespace lancehead::recompile
