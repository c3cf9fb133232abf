// Functions, lines, expressions, threads and waits of profiles written as text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "analyze/blocked.h"
#include "analyze/call_tree.h"
#include "analyze/functions.h"
#include "analyze/gil.h"
#include "analyze/lines.h"
#include "analyze/threads.h"
#include "support/text_profile.h"

namespace lancehead::analyze {
namespace {

using profile::Profile;
using test::profile_from_text;
using ::testing::ElementsAre;

constexpr double kMillisecond = 1e6;

const FunctionRow& row_of(const Profile& profile, const std::vector<FunctionRow>& rows,
                          std::string_view name) {
  const auto found = std::ranges::find_if(
      rows, [&](const FunctionRow& row) { return profile.function(row.function).name == name; });
  EXPECT_NE(found, rows.end()) << name;
  return *found;
}

TEST(Functions, CountRecursionOnce) {
  const Profile profile = profile_from_text(R"(
    sample MainThread holds_gil x6 : main a.py:9 ; f a.py:2 ; f a.py:2 ; g a.py:5 ; f a.py:3
    sample MainThread holds_gil x4 : main a.py:9 ; g a.py:5
  )");
  const auto rows = functions(profile, select(profile, {}));
  EXPECT_DOUBLE_EQ(row_of(profile, rows, "f").total.time, 6 * kMillisecond);
  EXPECT_DOUBLE_EQ(row_of(profile, rows, "f").self.time, 6 * kMillisecond);
  EXPECT_DOUBLE_EQ(row_of(profile, rows, "g").total.time, 10 * kMillisecond);
  EXPECT_DOUBLE_EQ(row_of(profile, rows, "g").self.share, 0.4);
  EXPECT_DOUBLE_EQ(row_of(profile, rows, "main").total.share, 1);
  EXPECT_DOUBLE_EQ(row_of(profile, rows, "main").self.time, 0);
}

TEST(Functions, WeighSamplesByTheTimeTheyStandFor) {
  const Profile profile = profile_from_text(R"(
    sample MainThread holds_gil x1 w=9ms : f a.py:1
    sample MainThread holds_gil x3 w=1ms : g a.py:2
  )");
  const auto rows = functions(profile, select(profile, {}));
  EXPECT_DOUBLE_EQ(row_of(profile, rows, "f").self.share, 0.75);
}

TEST(Functions, SplitTheirTimeByState) {
  const Profile profile = profile_from_text(R"(
    sample MainThread holds_gil x10 cpu=600us : f a.py:1
    sample MainThread waits_for_gil x5 : f a.py:1
    sample MainThread blocked x3 call=read : f a.py:1
    sample MainThread without_gil x2 gc : f a.py:1
  )");
  const auto rows = functions(profile, select(profile, {}));
  const TimeSplit& split = rows.at(0).self_split;
  EXPECT_DOUBLE_EQ(split.running(), 8 * kMillisecond);
  EXPECT_DOUBLE_EQ(split.ready(), 4 * kMillisecond);
  EXPECT_DOUBLE_EQ(split.waiting, 5 * kMillisecond);
  EXPECT_DOUBLE_EQ(split.blocked, 3 * kMillisecond);
  EXPECT_DOUBLE_EQ(split.collecting, 2 * kMillisecond);
  EXPECT_DOUBLE_EQ(split.running() + split.ready() + split.waiting + split.blocked, split.wall);
}

constexpr std::string_view kLoop = R"(
    source a.py
    | def f(z):
    |     while abs(z) < 2 and n < m:
    |         z = g(z,
    |               n)
    sample MainThread holds_gil x30 : f a.py:2 {abs(z)}
    sample MainThread holds_gil x20 : f a.py:2 {abs(z) < 2}
    sample MainThread holds_gil x5 : f a.py:2 {#2 z}
    sample MainThread holds_gil x15 : f a.py:2 {n < m}
    sample MainThread holds_gil x10 : f a.py:2
    sample MainThread holds_gil x20 : f a.py:3 {g(z,}
)";

TEST(Expressions, HoldWhatIsInsideAndAddUpToTheLine) {
  std::string text(kLoop);
  text.replace(text.find("{#2 z}"), 6, "{z}");
  const Profile profile = profile_from_text(text);
  const auto rows = lines(profile, select(profile, {})).rows;
  const LineRow& line = rows.at(0);
  ASSERT_EQ(line.line, 2U);
  EXPECT_DOUBLE_EQ(line.self.time, 80 * kMillisecond);
  ASSERT_EQ(line.expressions.size(), 4U);
  const ExpressionRow& compare = line.expressions[0];
  EXPECT_EQ(compare.depth, 0U);
  EXPECT_DOUBLE_EQ(compare.self.time, 55 * kMillisecond);
  EXPECT_DOUBLE_EQ(compare.own.time, 20 * kMillisecond);
  const ExpressionRow& call = line.expressions[1];
  EXPECT_EQ(call.depth, 1U);
  EXPECT_DOUBLE_EQ(call.self.time, 35 * kMillisecond);
  EXPECT_EQ(line.expressions[2].depth, 2U);  // z
  double sum = line.rest.time;
  double own = line.rest.time;
  for (const ExpressionRow& row : line.expressions) {
    sum += row.depth == 0 ? row.self.time : 0;
    own += row.own.time;
  }
  EXPECT_DOUBLE_EQ(sum, line.self.time);
  EXPECT_DOUBLE_EQ(own, line.self.time);
  EXPECT_DOUBLE_EQ(line.rest.time, 10 * kMillisecond);
}

TEST(Expressions, AreKnownNoBetterThanTheFloor) {
  const Profile profile = profile_from_text(R"(
    source a.py
    | x = f(y) + 1
    sample MainThread holds_gil x5000 : m a.py:1 {f(y)}
    sample MainThread holds_gil x5000 : m a.py:1 {f(y) + 1}
  )");
  const auto rows = lines(profile, select(profile, {})).rows;
  const Share& own = rows.at(0).expressions.at(0).own;
  EXPECT_LE(own.interval.low, 0.5 - kExpressionFloor);
  EXPECT_GE(own.interval.high, 0.5 + kExpressionFloor);
}

TEST(Expressions, OfTheSameRangeInOtherCodeAreAdded) {
  // The compiler copies the condition of a loop: two offsets, one range.
  auto tables = test::tables_from_text(R"(
    source a.py
    | while a < b:
    sample MainThread holds_gil x3 : m a.py:1 {a < b}
  )");
  const auto second =
      tables.append(schema::FrameRow{.code = tables.frames.code[0], .offset = 100, .address = 0});
  schema::PositionRow copy = tables.positions.row(std::size_t{0});
  copy.offset = 100;
  tables.append(copy);
  const auto stack = tables.append(schema::StackRow{.parent = {}, .frame = second});
  schema::SampleRow sample = tables.samples.row(std::size_t{0});
  sample.stack = stack;
  tables.append(sample);
  const Profile profile(std::move(tables));
  const auto rows = lines(profile, select(profile, {})).rows;
  ASSERT_EQ(rows.at(0).expressions.size(), 1U);
  EXPECT_DOUBLE_EQ(rows[0].expressions[0].own.time, 4 * kMillisecond);
}

TEST(Lines, OfAFunctionSumToItsSelfTime) {
  const Profile profile = profile_from_text(R"(
    sample MainThread holds_gil x7 : f a.py:2
    sample MainThread holds_gil x8 : f a.py:3
    sample MainThread holds_gil x9 : f a.py:3 ; g b.py:3
  )");
  const Selection selection = select(profile, {});
  double sum = 0;
  for (const LineRow& row : lines(profile, selection).rows) {
    sum += profile.function(row.functions.front()).name == "f" ? row.self.time : 0;
  }
  EXPECT_DOUBLE_EQ(sum, row_of(profile, functions(profile, selection), "f").self.time);
}

TEST(Lines, OfCompiledFunctionsAreNotTold) {
  const Profile profile = profile_from_text(R"(
    source a.py
    | def f():
    |     for x in y:
    |
    |         z += 1
    sample MainThread holds_gil x9 : f a.py:4
    sample MainThread holds_gil x1 jit : f a.py:4
    sample MainThread holds_gil x5 : g a.py:9
  )");
  const Lines result = lines(profile, select(profile, {}));
  ASSERT_EQ(result.rows.size(), 1U);
  EXPECT_EQ(result.rows[0].line, 9U);
  ASSERT_EQ(result.compiled.size(), 1U);
  EXPECT_THAT(result.compiled[0].loops, ElementsAre(2U));
  EXPECT_DOUBLE_EQ(result.compiled[0].self.time, 10 * kMillisecond);
}

TEST(GilWaits, NameTheLineThatHeldItMeanwhile) {
  const Profile profile = profile_from_text(R"(
    thread other
    sample other holds_gil x3 : hog b.py:5
    sample other holds_gil x1 : hog b.py:6
    sample MainThread waits_for_gil x4 holder=other : f a.py:2
    sample MainThread waits_for_gil x1 holder=other t=9ms : f a.py:2
  )");
  const auto waits = gil_waits(profile, select(profile, {}));
  ASSERT_EQ(waits.size(), 1U);
  EXPECT_EQ(waits[0].place.line, 2U);
  EXPECT_DOUBLE_EQ(waits[0].time, 5 * kMillisecond);
  ASSERT_EQ(waits[0].holders.size(), 3U);
  EXPECT_EQ(waits[0].holders[0].place.line, 5U);
  EXPECT_DOUBLE_EQ(waits[0].holders[0].time, 3 * kMillisecond);
  EXPECT_TRUE(std::ranges::any_of(waits[0].holders, [](const HolderRow& holder) {
    return holder.place.function.is_none() && holder.time == kMillisecond;  // it had no sample
  }));
}

TEST(Blocked, NamesTheSystemCall) {
  const Profile profile = profile_from_text(R"(
    sample MainThread blocked x2 call=nanosleep : f a.py:2
    sample MainThread blocked x1 call=99999 : f a.py:2
    sample MainThread blocked x3 : f a.py:2
  )");
  const auto rows = blocked(profile, select(profile, {}));
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].system_call, "page fault");
  EXPECT_EQ(rows[1].system_call, "clock_nanosleep");
  EXPECT_EQ(rows[2].system_call, "call 99999");
}

TEST(Threads, AddUpToTheCpuTimeOfTheProcess) {
  const Profile profile = profile_from_text(R"(
    native pool cpu=7ms
    sample MainThread holds_gil x10 : f a.py:1
    end user=15ms system=5ms
  )");
  const CpuTotal total = cpu_total(profile);
  EXPECT_DOUBLE_EQ(total.process, 20 * kMillisecond);
  EXPECT_DOUBLE_EQ(total.python + total.native + total.unseen(), total.process);
  EXPECT_DOUBLE_EQ(total.native, 7 * kMillisecond);
}

TEST(Clock, IsWallForOneThreadAndBusyForSeveral) {
  EXPECT_EQ(select(profile_from_text("sample MainThread blocked x9 : f a.py:1"), {}).clock,
            Clock::wall);
  const Profile threads = profile_from_text(R"(
    thread other
    sample MainThread blocked x9 : f a.py:1
    sample other holds_gil x9 : g a.py:1
  )");
  const Selection selection = select(threads, {});
  EXPECT_EQ(selection.clock, Clock::busy);
  EXPECT_DOUBLE_EQ(selection.weights.total(), 9 * kMillisecond);
  EXPECT_EQ(select(threads, {.clock = {}, .thread = "other"}).clock, Clock::wall);
}

TEST(CallTree, FoldsDirectRecursion) {
  const Profile profile = profile_from_text(R"(
    sample MainThread holds_gil x2 : f a.py:1 ; f a.py:1 ; f a.py:1 ; g a.py:2
    sample MainThread holds_gil x1 : f a.py:1
  )");
  const CallTree tree = call_tree(profile, select(profile, {}));
  ASSERT_EQ(tree.nodes.size(), 3U);
  EXPECT_TRUE(tree.nodes[1].recursive);
  EXPECT_DOUBLE_EQ(tree.nodes[0].total, 3 * kMillisecond);
  EXPECT_DOUBLE_EQ(tree.nodes[1].self, kMillisecond);
  EXPECT_THAT(tree.nodes[1].children, ElementsAre(2U));
}

TEST(Unseen, CountsOnlyLooksThatTheProgramMadeFail) {
  EXPECT_DOUBLE_EQ(select(profile_from_text(R"(
    sample MainThread holds_gil x8 : f a.py:1
    lost changed 2
    lost late 90
  )"),
                          {})
                       .unseen,
                   0.2);
}

}  // namespace
}  // namespace lancehead::analyze
