// The decisions of the sampler: whether to stop, how often, and what to call lost.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sense/loss_budget.h"
#include "sense/schedule.h"
#include "sense/stillness_policy.h"

namespace lancehead::sense {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

void note(StillnessPolicy& policy, int count, bool moved) {
  for (int i = 0; i < count; ++i) {
    policy.note(moved);
  }
}

TEST(StillnessPolicy, AThreadMovesUntilItIsKnownToBeStill) {
  StillnessPolicy policy;
  EXPECT_TRUE(policy.is_moving());
  note(policy, 127, false);
  EXPECT_TRUE(policy.is_moving());
  note(policy, 1, false);
  EXPECT_FALSE(policy.is_moving());
}

TEST(StillnessPolicy, AFewFailuresAmongManyLooksDoNotMakeAThreadMove) {
  StillnessPolicy policy;
  note(policy, 128, false);
  note(policy, 2, true);
  EXPECT_FALSE(policy.is_moving());
  note(policy, 1, true);
  EXPECT_TRUE(policy.is_moving());
}

TEST(StillnessPolicy, AThreadThatMovedIsStillAfterAWindowWithoutAFailure) {
  StillnessPolicy policy;
  note(policy, 128, false);
  note(policy, 3, true);
  note(policy, 127, false);
  EXPECT_TRUE(policy.is_moving()) << "one failure is still in the window";
  note(policy, 1, false);
  EXPECT_FALSE(policy.is_moving());
}

TEST(StillnessPolicy, FailuresFarApartAreForgotten) {
  StillnessPolicy policy;
  note(policy, 128, false);
  for (int i = 0; i < 20; ++i) {
    note(policy, 1, true);
    note(policy, 100, false);
    EXPECT_FALSE(policy.is_moving());
  }
}

// The time lost in a minute in which a stop is wanted every `period`.
Nanoseconds lost_in_a_minute(LossBudget& budget, Nanoseconds period, Nanoseconds cost) {
  Nanoseconds lost{};
  for (Nanoseconds now{}; now < minutes(1); now += period) {
    if (budget.allows(now)) {
      budget.spend(cost);
      lost += cost;
    }
  }
  return lost;
}

TEST(LossBudget, KeepsItsShareOverAMinute) {
  for (const double share : {0.001, 0.02, 0.5}) {
    for (const Nanoseconds cost : {Nanoseconds(microseconds(15)), Nanoseconds(milliseconds(2))}) {
      LossBudget budget(share, Nanoseconds());
      const Nanoseconds lost = lost_in_a_minute(budget, microseconds(25), cost);
      const double allowed = share * 60e9;
      EXPECT_LE(static_cast<double>(lost.count()), allowed + static_cast<double>(cost.count()));
      EXPECT_GE(static_cast<double>(lost.count()), 0.9 * allowed) << share << cost.count();
    }
  }
}

TEST(LossBudget, AllowsWhatStaysWithinIt) {
  LossBudget budget(0.02, Nanoseconds());
  // At the very first moment nothing may be lost yet.
  EXPECT_EQ(lost_in_a_minute(budget, milliseconds(1), microseconds(15)),
            milliseconds(900) - microseconds(15));
}

TEST(LossBudget, AShortProgramIsPromisedTheSame) {
  LossBudget budget(0.02, Nanoseconds());
  Nanoseconds lost{};
  for (Nanoseconds now{}; now < milliseconds(50); now += microseconds(100)) {
    if (budget.allows(now)) {
      budget.spend(microseconds(20));
      lost += microseconds(20);
    }
  }
  EXPECT_LE(lost, milliseconds(1) + microseconds(20));
}

TEST(LossBudget, AQuietTimeDoesNotPayForABurst) {
  LossBudget budget(0.02, Nanoseconds());
  ASSERT_TRUE(budget.allows(minutes(10)));
  Nanoseconds lost{};
  while (budget.allows(minutes(10))) {
    budget.spend(microseconds(10));
    lost += microseconds(10);
  }
  EXPECT_LE(lost, milliseconds(2) + microseconds(10));
}

TEST(LossBudget, APauseEarnsNothing) {
  LossBudget budget(0.02, Nanoseconds());
  budget.spend(microseconds(15));
  budget.resume(minutes(1));
  EXPECT_FALSE(budget.allows(minutes(1)));
  EXPECT_TRUE(budget.allows(minutes(1) + milliseconds(1)));
}

TEST(LossBudget, WithoutAShareThereIsNoLimit) {
  LossBudget budget(std::nullopt, Nanoseconds());
  budget.spend(minutes(1));
  EXPECT_TRUE(budget.allows(Nanoseconds()));
}

TEST(LossBudget, OfNothingAllowsNothing) {
  LossBudget budget(0.0, Nanoseconds());
  EXPECT_FALSE(budget.allows(minutes(10)));
}

std::vector<std::int64_t> gaps(Nanoseconds period, std::uint64_t seed, int count) {
  Schedule schedule(period, seed);
  std::vector<std::int64_t> found;
  Nanoseconds now{};
  for (int i = 0; i < count; ++i) {
    const Nanoseconds next = schedule.next(now);
    found.push_back((next - now).count());
    now = next;
  }
  return found;
}

TEST(Schedule, GapsLieEvenlyAroundThePeriod) {
  constexpr int kCount = 20'000;
  for (const std::uint64_t seed : {0ULL, 1ULL, 42ULL, ~0ULL}) {
    const std::vector<std::int64_t> found = gaps(milliseconds(1), seed, kCount);
    const auto [least, most] = std::ranges::minmax(found);
    EXPECT_GE(least, 500'000);
    EXPECT_LE(most, 1'500'000);
    std::vector<int> tenths(10);
    double sum = 0;
    for (const std::int64_t gap : found) {
      ++tenths[static_cast<std::size_t>(std::min<std::int64_t>((gap - 500'000) / 100'000, 9))];
      sum += static_cast<double>(gap);
    }
    // Five standard deviations, for these fixed seeds.
    EXPECT_NEAR(sum / kCount, 1e6, 5 * 288'675 / std::sqrt(kCount));
    for (const int tenth : tenths) {
      EXPECT_NEAR(tenth, kCount / 10, 5 * std::sqrt(kCount / 10.0));
    }
  }
}

TEST(Schedule, ALateLookIsFollowedByNoBurst) {
  Schedule schedule(milliseconds(1), 7);
  const Nanoseconds next = schedule.next({});
  const Nanoseconds late = next + seconds(3);
  EXPECT_GE(schedule.next(late), late + microseconds(500));
}

// Looks at stacks of 10 000 frames take half a millisecond; of 1000 a second only 636 were left.
TEST(Schedule, WhatALookTakesDoesNotLowerTheRate) {
  Schedule schedule(milliseconds(1), 7);
  constexpr int kLooks = 10'000;
  const Nanoseconds began = seconds(100);
  Nanoseconds now = schedule.next(began);
  for (int look = 1; look < kLooks; ++look) {
    now = schedule.next(now + microseconds(450));
  }
  const double rate = kLooks / std::chrono::duration<double>(now - began).count();
  EXPECT_NEAR(rate, 1000, 15);
}

TEST(Schedule, APeriodOfZeroIsAtOnce) {
  Schedule schedule(Nanoseconds(), 7);
  EXPECT_EQ(schedule.next(seconds(3)), seconds(3));
}

TEST(Schedule, APeriodOfOneNanosecondIsNoDivisionByZero) {
  Schedule schedule(Nanoseconds(1), 7);
  EXPECT_LE(schedule.next(seconds(3)), seconds(3) + Nanoseconds(1));
}

}  // namespace
}  // namespace lancehead::sense
