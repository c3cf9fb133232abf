// Calls of profiles written as text: numbers, recursion, edges, and what looking cost.
#include "analyze/calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "support/text_profile.h"

namespace lancehead::analyze {
namespace {

using profile::Profile;
using test::profile_from_text;

constexpr double kMicrosecond = 1e3;

std::string_view name_of(const Profile& profile, profile::FunctionId function) {
  return function.is_none() ? "" : profile.function(function).name;
}

CallSums of(const Profile& profile, const Calls& calls, std::string_view name) {
  const auto found = std::ranges::find_if(calls.functions, [&](const CalledFunction& row) {
    return name_of(profile, row.function) == name;
  });
  EXPECT_NE(found, calls.functions.end()) << name;
  return found == calls.functions.end() ? CallSums() : found->sums;
}

CallSums of(const Profile& profile, const Calls& calls, std::string_view caller,
            std::string_view callee) {
  const auto found = std::ranges::find_if(calls.edges, [&](const CallEdge& edge) {
    return name_of(profile, edge.caller) == caller && name_of(profile, edge.callee) == callee;
  });
  EXPECT_NE(found, calls.edges.end()) << caller << " " << callee;
  return found == calls.edges.end() ? CallSums() : found->sums;
}

TEST(Calls, AddUpAlongAllPaths) {
  const Profile profile = profile_from_text(R"(
    call MainThread x1 total=100us self=40us : main a.py
    call MainThread x3 total=40us self=30us : main a.py ; f a.py
    call MainThread x6 total=10us self=10us : main a.py ; f a.py ; abs ~
    call MainThread x2 total=20us self=20us : main a.py ; abs ~
  )");
  const Calls sums = calls(profile);
  EXPECT_EQ(sums.calls, 12U);
  EXPECT_EQ(sums.primitive, 12U);
  EXPECT_DOUBLE_EQ(sums.time, 100 * kMicrosecond);
  EXPECT_EQ(of(profile, sums, "abs").calls, 8U);
  EXPECT_DOUBLE_EQ(of(profile, sums, "abs").total, 30 * kMicrosecond);
  EXPECT_EQ(of(profile, sums, "f", "abs").calls, 6U);
  EXPECT_DOUBLE_EQ(of(profile, sums, "main", "abs").self, 20 * kMicrosecond);
  EXPECT_EQ(of(profile, sums, "", "main").calls, 1U);
}

// f is called once from main; f calls itself through g.
TEST(Calls, CountTheTimeOfRecursionOnce) {
  const Profile profile = profile_from_text(R"(
    call MainThread x1 total=100us self=10us : main a.py
    call MainThread x1 total=90us self=30us : main a.py ; f a.py
    call MainThread x2 total=60us self=10us : main a.py ; f a.py ; g a.py
    call MainThread x2 total=50us self=20us : main a.py ; f a.py ; g a.py ; f a.py
    call MainThread x4 total=30us self=30us : main a.py ; f a.py ; g a.py ; f a.py ; g a.py
  )");
  const Calls sums = calls(profile);
  const CallSums f = of(profile, sums, "f");
  EXPECT_EQ(f.calls, 3U);
  EXPECT_EQ(f.primitive, 1U);
  EXPECT_DOUBLE_EQ(f.total, 90 * kMicrosecond);
  EXPECT_DOUBLE_EQ(f.self, 50 * kMicrosecond);
  const CallSums edge = of(profile, sums, "f", "g");
  EXPECT_EQ(edge.calls, 6U);
  EXPECT_EQ(edge.primitive, 2U);
  EXPECT_DOUBLE_EQ(edge.total, 60 * kMicrosecond);
  EXPECT_EQ(of(profile, sums, "g", "f").primitive, 2U);
}

TEST(Calls, TakeOffWhatLookingCost) {
  const Profile profile = profile_from_text(R"(
    call MainThread x1 total=100us self=40us : main a.py
    call MainThread x100 total=60us self=30us : main a.py ; f a.py
    call MainThread x200 total=30us self=30us : main a.py ; f a.py ; abs ~
    call_cost python_inside=10 python_outside=20 c_inside=5 c_outside=15
  )");
  const Calls sums = calls(profile);
  EXPECT_DOUBLE_EQ(sums.python.whole(), 30);
  const CallSums abs = of(profile, sums, "abs");
  EXPECT_DOUBLE_EQ(abs.self_corrected, 30'000 - 200 * 5);
  const CallSums f = of(profile, sums, "f");
  EXPECT_DOUBLE_EQ(f.self_corrected, 30'000 - 100 * 10 - 200 * 15);
  EXPECT_DOUBLE_EQ(f.total_corrected, 60'000 - 100 * 10 - 200 * (5 + 15));
  const CallSums main = of(profile, sums, "main");
  EXPECT_DOUBLE_EQ(main.self_corrected, 40'000 - 10 - 100 * 20);
  EXPECT_DOUBLE_EQ(main.total_corrected, 100'000 - 10 - 100 * 30 - 200 * 20);
  EXPECT_DOUBLE_EQ(sums.time_corrected, main.total_corrected);
}

TEST(Calls, AreNeverOfLessThanNoTime) {
  const Profile profile = profile_from_text(R"(
    call MainThread x9 total=1us self=1us : abs ~
    call_cost c_inside=500
  )");
  EXPECT_DOUBLE_EQ(of(profile, calls(profile), "abs").self_corrected, 0);
}

TEST(Calls, OfThreadsAddUp) {
  const Profile profile = profile_from_text(R"(
    thread worker
    call MainThread x1 total=4us self=4us : f a.py
    call worker x2 total=6us self=6us : f a.py
  )");
  const Calls sums = calls(profile);
  EXPECT_EQ(of(profile, sums, "f").calls, 3U);
  EXPECT_DOUBLE_EQ(sums.time, 10 * kMicrosecond);
  EXPECT_FALSE(has_calls(profile_from_text("")));
}

}  // namespace
}  // namespace lancehead::analyze
