// Speeds and changes of places whose times are known.
#include "analyze/change.h"

#include <gtest/gtest.h>

#include <cmath>

namespace lancehead::analyze {
namespace {

constexpr double kSecond = 1e9;

PlacePair place(double before, double after) {
  return {.before = {.time = before * kSecond}, .after = {.time = after * kSecond}};
}

RunTime run(double seconds) {
  return {.total = seconds * kSecond, .draws = 1000 * seconds};
}

RunTime run_of(const std::vector<PlacePair>& places, bool is_after) {
  double sum = 0;
  for (const PlacePair& one : places) {
    sum += (is_after ? one.after.time : one.before.time) / kSecond;
  }
  return run(sum);
}

RunDifference difference_of(const std::vector<PlacePair>& places) {
  return compare_runs(run_of(places, false), run_of(places, true), places);
}

std::vector<Speed> speeds_of(const std::vector<PlacePair>& places) {
  return difference_of(places).speeds;
}

TEST(Speed, IsThatOfAllPlacesWhereNoneChanged) {
  const auto speeds = speeds_of({place(10, 14), place(5, 7), place(3, 4.2), place(2, 2.8)});
  ASSERT_EQ(speeds.size(), 1U);
  EXPECT_NEAR(speeds[0].factor, 1.4, 0.001);
}

TEST(Speed, DoesNotFollowOnePlaceThatHasMostOfTheTime) {
  const auto speeds =
      speeds_of({place(60, 78), place(10, 10), place(10, 10), place(10, 10), place(10, 10)});
  ASSERT_EQ(speeds.size(), 1U);
  EXPECT_NEAR(speeds[0].factor, 1, 0.002);
}

TEST(Speed, DoesNotFollowHalfOfThePlacesOnAnotherMachine) {
  const auto speeds = speeds_of(
      {place(10, 20), place(8, 16), place(6, 12), place(6, 12), place(30, 30), place(20, 80)});
  ASSERT_EQ(speeds.size(), 1U);
  EXPECT_NEAR(speeds[0].factor, 2, 0.01);
}

TEST(Speed, IsNotKnownWhereOnePlaceHasAllTime) {
  const auto runs = difference_of({place(19.8, 21.8), place(0.2, 0.2)});
  const Comparer comparer(run(20), run(22), runs, 0.01);
  EXPECT_EQ(comparer.compare(place(19.8, 21.8), 0).verdict, Verdict::same);
}

TEST(Speed, HasAnAnswerWithoutAnyPlace) {
  const RunDifference runs = compare_runs({}, {}, {});
  ASSERT_EQ(runs.speeds.size(), 1U);
  EXPECT_EQ(runs.speeds[0].factor, 1);
  const Comparer comparer({}, {}, runs, 0.01);
  EXPECT_EQ(comparer.compare({}, 0).verdict, Verdict::same);
}

TEST(Comparer, FindsWhatChangedAndLeavesTheRest) {
  const std::vector<PlacePair> places = {place(30, 36), place(20, 20), place(30, 30),
                                         place(20, 20)};
  Comparer comparer(run(100), run(106), difference_of(places), 0.01);
  comparer.set_comparisons(4);
  const Change slower = comparer.compare(places[0], 0);
  EXPECT_EQ(slower.verdict, Verdict::slower);
  EXPECT_NEAR(slower.difference() / kSecond, 6, 0.1);
  EXPECT_LT(slower.low / kSecond, 6);
  EXPECT_GT(slower.low, 0);
  EXPECT_EQ(comparer.compare(places[1], 0).verdict, Verdict::same);
  EXPECT_EQ(comparer.compare(places[2], 0).verdict, Verdict::same);
}

TEST(Comparer, DoesNotTellOfLessThanTheThreshold) {
  const std::vector<PlacePair> places = {place(0.5, 1.3), place(20, 20), place(50, 50),
                                         place(29.5, 29.5)};
  const auto runs = difference_of(places);
  EXPECT_EQ(Comparer(run(100), run(100.8), runs, 0.005).compare(places[0], 0).verdict,
            Verdict::slower);
  EXPECT_EQ(Comparer(run(100), run(100.8), runs, 0.01).compare(places[0], 0).verdict,
            Verdict::same);
  // Nor of less than the way of looking can vouch for.
  EXPECT_EQ(Comparer(run(100), run(100.8), runs, 0.005).compare(places[0], 0.02).verdict,
            Verdict::same);
}

TEST(Comparer, WidensIntervalsByComparisonsAndByWhatWasNotSeen) {
  const std::vector<PlacePair> places = {place(50, 50), place(50, 50)};
  const auto runs = difference_of(places);
  Comparer few(run(100), run(100), runs, 0.01);
  Comparer many = few;
  many.set_comparisons(1000);
  const auto width = [&](const Comparer& comparer) {
    const Change change = comparer.compare(places[0], 0);
    return change.high - change.low;
  };
  EXPECT_NEAR(few.quantile(), 2.576, 0.001);
  EXPECT_NEAR(many.quantile(), 4.417, 0.001);
  EXPECT_GT(width(many), 1.5 * width(few));
  RunTime blind = run(100);
  blind.unseen = 0.5;
  EXPECT_GT(width(Comparer(blind, run(100), runs, 0.01)), width(few) + 49 * kSecond);
}

TEST(Noise, IsToldByTheMiddlePlace) {
  EXPECT_DOUBLE_EQ(difference_of({place(100, 100), place(90, 90), place(80, 80), place(70, 70),
                                  place(60, 60), place(50, 100)})
                       .noise,
                   0.01);
  const RunDifference noisy = difference_of(
      {place(100, 112), place(90, 85), place(80, 76), place(70, 77), place(60, 57), place(90, 99)});
  EXPECT_GT(noisy.noise, 0.025);
  // No more is believed.
  const RunDifference unlike = difference_of({place(100, 50), place(90, 190), place(80, 120),
                                              place(70, 35), place(60, 160), place(50, 50)});
  EXPECT_NEAR(unlike.noise, 0.05, 0.001);
}

}  // namespace
}  // namespace lancehead::analyze
