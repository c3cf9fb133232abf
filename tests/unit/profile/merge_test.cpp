#include "profile/merge.h"

#include <gtest/gtest.h>

#include <array>

namespace lancehead::profile {
namespace {

using namespace schema;

// One process with one thread that was seen in `leaf`, called from `main`.
Tables one_run(std::int64_t began, std::string_view leaf, std::string_view extra_text) {
  Tables tables;
  tables.append(StringRow{.text = extra_text});
  const auto path = tables.append(StringRow{.text = "app.py"});
  const auto source = tables.append(SourceRow{.path = path, .text = "def main(): ...\n"});
  const auto process = tables.append(ContextRow{.kind = ContextKind::process, .os_id = 7});
  const auto thread = tables.append(
      ContextRow{.kind = ContextKind::thread, .parent = process, .os_id = 8, .started = 50});
  const auto session =
      tables.append(SessionRow{.process = process, .started = 5, .wall_clock = began + 5});
  StackId stack;
  for (const std::string_view name : {std::string_view("main"), leaf}) {
    const auto text = tables.append(StringRow{.text = name});
    const std::array names{text};
    const auto code = tables.append(CodeRow{
        .name = text, .source = source, .session = session, .names = names, .content_hash = name});
    tables.append(PositionRow{.code = code, .offset = 4, .line = 3});
    const auto frame = tables.append(FrameRow{.code = code, .offset = 4});
    stack = tables.append(StackRow{.parent = stack, .frame = frame});
  }
  tables.append(SampleRow{.time = 100, .context = thread, .stack = stack, .weight = 10});
  tables.append(AllocationRow{.time = 100, .context = thread});
  return tables;
}

std::string path_of(const Tables& tables, StackId stack) {
  std::string path;
  for (; !stack.is_none(); stack = tables.stacks.parent[stack.row()]) {
    const auto code = tables.frames.code[tables.stacks.frame[stack.row()].row()];
    const auto name = tables.codes.name[code.row()];
    path = ";" + std::string(tables.strings.text[name.row()]) + path;
  }
  return path;
}

TEST(Merge, EqualCodeBecomesOneAndEventsStay) {
  const std::array runs{one_run(1000, "work", "x"), one_run(4000, "work", "another text")};
  const Tables merged = merge(runs);
  EXPECT_EQ(merged.codes.size(), 2U);
  EXPECT_EQ(merged.sources.size(), 1U);
  EXPECT_EQ(merged.positions.size(), 2U);
  EXPECT_EQ(merged.frames.size(), 2U);
  EXPECT_EQ(merged.stacks.size(), 2U);
  EXPECT_EQ(merged.strings.size(), 5U);
  EXPECT_EQ(merged.sessions.size(), 2U);
  EXPECT_EQ(merged.contexts.size(), 4U);
  ASSERT_EQ(merged.samples.size(), 2U);
  EXPECT_EQ(merged.samples.stack[0], merged.samples.stack[1]);
  EXPECT_NE(merged.samples.context[0], merged.samples.context[1]);
  EXPECT_EQ(merged.contexts.parent[3], ContextId(2));
  EXPECT_EQ(merged.sessions.process[1], ContextId(2));
  EXPECT_EQ(path_of(merged, merged.samples.stack[1]), ";main;work");
  EXPECT_EQ(merged.strings.text[merged.codes.names[1][0].row()], "work");
}

TEST(Merge, StacksShareWhatTheyHaveInCommon) {
  const std::array runs{one_run(1000, "read", "x"), one_run(1000, "write", "y")};
  const Tables merged = merge(runs);
  EXPECT_EQ(merged.stacks.size(), 3U);
  EXPECT_EQ(path_of(merged, merged.samples.stack[0]), ";main;read");
  EXPECT_EQ(path_of(merged, merged.samples.stack[1]), ";main;write");
}

TEST(Merge, MomentsCountFromTheFirstBeginning) {
  const std::array runs{one_run(4000, "work", "x"), one_run(1000, "work", "y")};
  const Tables merged = merge(runs);
  EXPECT_EQ(merged.samples.time[0], 3100);
  EXPECT_EQ(merged.samples.time[1], 100);
  EXPECT_EQ(merged.samples.weight[0], 10);
  EXPECT_EQ(merged.contexts.started[1], 3050);
  EXPECT_EQ(merged.allocations.freed[0], -1);
}

TEST(Merge, ThePositionsOfTheFirstRecordingStand) {
  std::array runs{one_run(1000, "work", "x"), one_run(1000, "work", "y")};
  runs[1].positions.column[1] = 9;
  runs[1].append(PositionRow{.code = CodeId(1), .offset = 6, .line = 4});
  const Tables merged = merge(runs);
  ASSERT_EQ(merged.positions.size(), 3U);
  EXPECT_EQ(merged.positions.column[1], 0U);
  EXPECT_EQ(merged.positions.line[2], 4U);
}

TEST(Merge, OneRecordingStaysAsItIs) {
  const std::array runs{one_run(1000, "work", "x")};
  const Tables merged = merge(runs);
  merged.for_each([&](const auto& table) {
    using Table = std::remove_cvref_t<decltype(table)>;
    EXPECT_EQ(table.encode(0, table.size()),
              runs[0].get<Table>().encode(0, runs[0].get<Table>().size()))
        << Table::kName;
  });
  EXPECT_EQ(merge({}).samples.size(), 0U);
}

}  // namespace
}  // namespace lancehead::profile
