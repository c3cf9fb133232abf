// The generated columns: what goes in comes out, and nothing else is let in.
#include <gtest/gtest.h>

#include "schema/tables.h"

namespace lancehead::schema {
namespace {

SampleTable three_samples() {
  SampleTable samples;
  samples.append({.time = 1'000'000,
                  .context = ContextId(2),
                  .stack = StackId(7),
                  .weight = 1'000'000,
                  .state = ThreadState::holds_gil,
                  .flags = SampleFlags::collecting | SampleFlags::tail_cut});
  samples.append({.time = 1'900'000, .context = ContextId(1), .weight = 900'000, .held = 12'000});
  samples.append({.time = -4'000, .weight = -1'000, .system_call = 202, .address = ~0ULL});
  return samples;
}

TEST(SampleTable, ComesBackFromItsBytes) {
  const SampleTable samples = three_samples();
  SampleTable read;
  ASSERT_TRUE(read.decode(samples.encode(0, 3), 3));
  EXPECT_EQ(read.time, samples.time);
  EXPECT_EQ(read.context, samples.context);
  EXPECT_EQ(read.stack, samples.stack);
  EXPECT_EQ(read.weight, samples.weight);
  EXPECT_EQ(read.state, samples.state);
  EXPECT_EQ(read.flags, samples.flags);
  EXPECT_EQ(read.held, samples.held);
  EXPECT_EQ(read.system_call, samples.system_call);
  EXPECT_EQ(read.address, samples.address);
  EXPECT_EQ(read.probability[0], 1'000'000U);
  EXPECT_EQ(read.system_call[0], -1);
  EXPECT_TRUE(read.gil_holder[0].is_none());
  EXPECT_TRUE(read.row(0).flags.has(SampleFlags::tail_cut));
  EXPECT_FALSE(read.row(0).flags.has(SampleFlags::not_started));
}

TEST(SampleTable, RoundsTimesToTheNearestMicrosecond) {
  SampleTable samples;
  samples.append({.time = 1'499, .held = 1'500});
  samples.append({.time = -1'499, .held = -1'500});
  SampleTable read;
  ASSERT_TRUE(read.decode(samples.encode(0, 2), 2));
  EXPECT_EQ(read.time, (std::vector<std::int64_t>{1'000, -1'000}));
  EXPECT_EQ(read.held, (std::vector<std::int64_t>{2'000, -2'000}));
}

TEST(SampleTable, APartOfTheRowsStandsAlone) {
  SampleTable read;
  ASSERT_TRUE(read.decode(three_samples().encode(1, 2), 1));
  EXPECT_EQ(read.time, std::vector<std::int64_t>{1'900'000});
  EXPECT_EQ(read.weight, std::vector<std::int64_t>{900'000});
}

TEST(SampleTable, RefusesEveryCutAndStaysAsItWas) {
  const Bytes whole = three_samples().encode(0, 3);
  SampleTable read = three_samples();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(read.decode(std::span(whole).first(length), 3));
    read.for_each_column([](const ColumnInfo& info, const auto& column) {
      EXPECT_EQ(column.size(), 3U) << info.name;
    });
  }
  Bytes longer = whole;
  longer.push_back(std::byte{});
  EXPECT_FALSE(read.decode(longer, 3));
  EXPECT_FALSE(read.decode(whole, std::size_t{1} << 60U));
}

TEST(ContextTable, RefusesAnEnumeratorThatDoesNotExist) {
  ContextTable contexts;
  contexts.append({.kind = static_cast<ContextKind>(kContextKindValues.size())});
  ContextTable read;
  EXPECT_FALSE(read.decode(contexts.encode(0, 1), 1));
  EXPECT_EQ(read.size(), 0U);
}

TEST(SpanTable, KeepsListsAndIds) {
  const std::vector<StringId> keys{StringId(3), StringId{}, StringId(4)};
  SpanTable spans;
  spans.append({.time = 5, .name = StringId(9), .keys = keys});
  spans.append({.time = 6});
  SpanTable read;
  ASSERT_TRUE(read.decode(spans.encode(0, 2), 2));
  EXPECT_TRUE(std::ranges::equal(read.keys[0], keys));
  EXPECT_TRUE(read.keys[1].empty());
  EXPECT_EQ(read.duration[1], -1);
}

TEST(Tables, ClearsIdsThatReferToNothing) {
  Tables tables;
  const StringId name = tables.append(StringRow{.text = "main"});
  const std::vector<StringId> names{name, StringId(1)};
  tables.append(CodeRow{.name = name, .qualified_name = StringId(1), .names = names});
  tables.append(FrameRow{.code = CodeId(0)});
  const StackId root = tables.append(StackRow{.frame = FrameId(0)});
  tables.append(StackRow{.parent = root, .frame = FrameId(0)});
  tables.append(StackRow{.parent = StackId(2), .frame = FrameId(1)});
  EXPECT_EQ(tables.clear_dangling(), 4U);
  EXPECT_EQ(tables.codes.name[0], name);
  EXPECT_TRUE(tables.codes.qualified_name[0].is_none());
  EXPECT_EQ(tables.codes.names[0][0], name);
  EXPECT_TRUE(tables.codes.names[0][1].is_none());
  EXPECT_EQ(tables.stacks.parent[1], root);
  EXPECT_TRUE(tables.stacks.parent[2].is_none());
  EXPECT_TRUE(tables.stacks.frame[2].is_none());
  EXPECT_EQ(tables.clear_dangling(), 0U);
}

TEST(Tables, AreVisitedAfterWhatTheyReferTo) {
  EXPECT_LT(StringTable::kIndex, SourceTable::kIndex);
  EXPECT_LT(ContextTable::kIndex, SessionTable::kIndex);
  EXPECT_LT(SessionTable::kIndex, CodeTable::kIndex);
  EXPECT_LT(StackTable::kIndex, SampleTable::kIndex);
  EXPECT_LT(MetricTable::kIndex, CountTable::kIndex);
}

TEST(Enumerations, SayTheirNamesAndMeanings) {
  EXPECT_EQ(to_string(ThreadState::waits_for_gil), "waits_for_gil");
  EXPECT_EQ(describe(LossReason::stop_failed), "The thread did not stop in time.");
  EXPECT_EQ(to_string(SampleFlags::tail_cut), "tail_cut");
}

}  // namespace
}  // namespace lancehead::schema
