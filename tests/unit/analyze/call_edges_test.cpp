#include "analyze/call_edges.h"

#include <gtest/gtest.h>

#include <string_view>

#include "analyze/chosen.h"
#include "support/text_profile.h"

namespace lancehead::analyze {
namespace {

using profile::FunctionId;
using profile::Profile;

constexpr std::string_view kProgram =
    "source app.py\n"
    "| def f(n):\n"
    "|     return f(n - 1)\n"
    "| def g():\n"
    "|     return f(3)\n"
    "| g()\n"
    "def f app.py 1\n"
    "def g app.py 3\n"
    "def <module> app.py 1\n"
    "sample MainThread holds_gil x2 w=1ms : <module> app.py:5 ; g app.py:4\n"
    "sample MainThread holds_gil x3 w=1ms : <module> app.py:5 ; g app.py:4 ; f app.py:2\n"
    "sample MainThread holds_gil x5 w=1ms : "
    "<module> app.py:5 ; g app.py:4 ; f app.py:2 ; f app.py:2\n";

FunctionId find(const Profile& profile, std::string_view name) {
  for (std::size_t i = 0; i < profile.functions().size(); ++i) {
    if (profile.functions()[i].name == name) {
      return FunctionId(i);
    }
  }
  return {};
}

schema::CodeId code_of(const schema::Tables& tables, std::string_view name) {
  for (std::size_t row = 0; row < tables.codes.size(); ++row) {
    if (tables.strings.text[tables.codes.name[row].row()] == name) {
      return schema::CodeId(row);
    }
  }
  return {};
}

FunctionEdges called(const Profile& profile, const CallEdges& edges, std::string_view name) {
  for (const FunctionEdges& function : edges.functions) {
    if (function.function == find(profile, name)) {
      return function;
    }
  }
  ADD_FAILURE() << name << " is not there";
  return {};
}

CallEdges edges_of(const Profile& profile) {
  return call_edges(profile, select(profile, {}));
}

constexpr double kMillisecond = 1e6;

TEST(CallEdges, OfSamplesCountRecursionOnce) {
  const Profile profile = test::profile_from_text(kProgram);
  const CallEdges edges = edges_of(profile);
  EXPECT_FALSE(edges.is_exact);
  const FunctionEdges f = called(profile, edges, "f");
  EXPECT_EQ(f.figures.count, 8U);
  EXPECT_EQ(f.figures.primitive, 8U);  // as the leaf
  EXPECT_NEAR(f.figures.self, 8 * kMillisecond, 1);
  EXPECT_NEAR(f.figures.total, 8 * kMillisecond, 1);
  EXPECT_NEAR(f.callers.at(find(profile, "g")).total, 8 * kMillisecond, 1);
  EXPECT_NEAR(f.callers.at(find(profile, "g")).self, 3 * kMillisecond, 1);
  EXPECT_NEAR(f.callers.at(find(profile, "f")).total, 5 * kMillisecond, 1);
  EXPECT_NEAR(called(profile, edges, "g").figures.total, 10 * kMillisecond, 1);
  EXPECT_TRUE(called(profile, edges, "<module>").callers.empty());
}

TEST(CallEdges, KeepToWhatHappenedWithinTheChosen) {
  schema::Tables tables = test::tables_from_text(kProgram);
  tables.append(schema::ChosenRow{.code = code_of(tables, "f")});
  const Profile profile(std::move(tables));
  EXPECT_EQ(chosen_functions(profile).size(), 1U);
  const CallEdges edges = edges_of(profile);
  ASSERT_EQ(edges.functions.size(), 1U);
  EXPECT_EQ(edges.functions[0].function, find(profile, "f"));
  EXPECT_EQ(edges.functions[0].callers.size(), 1U);  // itself
}

// g() calls f once, which calls itself three times: what cProfile says of it is f 4/1.
TEST(CallEdges, OfExactCallsAreThoseOfCProfile) {
  schema::Tables tables = test::tables_from_text(kProgram);
  // The stacks of the three samples end in g, in f and in f below f; stacks are kept as a tree.
  const auto stack_under = [&](std::size_t sample) { return tables.samples.stack[sample]; };
  const schema::CodeId f = code_of(tables, "f");
  const auto call = [&](schema::StackId caller, std::uint64_t count, std::uint64_t primitive,
                        std::int64_t total, std::int64_t self) {
    tables.append(schema::CallRow{.context = {},
                                  .caller = caller,
                                  .callee = f,
                                  .count = count,
                                  .primitive = primitive,
                                  .total = total,
                                  .self = self});
  };
  call(stack_under(0), 1, 1, 40, 10);
  call(stack_under(2), 1, 0, 30, 10);
  call(stack_under(5), 2, 0, 20, 20);
  const Profile profile(std::move(tables));
  const CallEdges edges = edges_of(profile);
  EXPECT_TRUE(edges.is_exact);
  const FunctionEdges row = called(profile, edges, "f");
  EXPECT_EQ(row.figures.count, 4U);
  EXPECT_EQ(row.figures.primitive, 1U);
  EXPECT_EQ(row.figures.total, 40);
  EXPECT_EQ(row.figures.self, 40);
  const CallFigures& itself = row.callers.at(find(profile, "f"));
  EXPECT_EQ(itself.count, 3U);
  EXPECT_EQ(itself.primitive, 1U);  // the first within f is not within f called by f
  EXPECT_EQ(itself.total, 30);
  EXPECT_EQ(row.callers.at(find(profile, "g")).count, 1U);
}

}  // namespace
}  // namespace lancehead::analyze
