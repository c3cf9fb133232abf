// The intervals hold the truth as often as they say: programs whose true shares are known are
// looked at with a jittered schedule, again and again. Seeds are fixed and bounds wide, so that a
// correct build never fails.
#include "analyze/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>
#include <vector>

namespace lancehead::analyze {
namespace {

constexpr int kRuns = 1000;

// Whether the program is in the function at a moment (in sample periods).
using Program = std::vector<std::pair<double, bool>>;  // stretches: end, inside

double true_share(const Program& program) {
  double begin = 0;
  double inside = 0;
  for (const auto& [end, is_inside] : program) {
    inside += is_inside ? end - begin : 0;
    begin = end;
  }
  return inside / begin;
}

// Stretches of exponential length, alternately inside and outside.
Program random_program(std::mt19937& random, double length, double mean_in, double mean_out) {
  Program program;
  bool inside = false;
  for (double now = 0; now < length;) {
    now += std::exponential_distribution<double>(1 / (inside ? mean_in : mean_out))(random);
    program.emplace_back(std::min(now, length), inside);
    inside = !inside;
  }
  return program;
}

struct Schedule {
  double keep = 1;  // the probability of each look; kept ones stand for the others
};

// One look in each period, at a random moment of it.
Interval look_at(const Program& program, const Schedule& schedule, std::mt19937& random) {
  std::vector<double> weights;
  std::vector<bool> hits;
  std::uniform_real_distribution<double> uniform(0, 1);
  std::size_t stretch = 0;
  double waiting = 0;
  for (double period = 0; period + 1 <= program.back().first; period += 1) {
    waiting += 1;
    if (uniform(random) >= schedule.keep) {
      continue;
    }
    const double moment = period + uniform(random);
    while (stretch + 1 < program.size() && program[stretch].first < moment) {
      ++stretch;
    }
    weights.push_back(waiting);
    hits.push_back(program[stretch].second);
    waiting = 0;
  }
  const SampleWeights sample_weights(weights);
  ShareEstimator estimator;
  for (std::size_t i = 0; i < hits.size(); ++i) {
    if (hits[i]) {
      estimator.add(sample_weights, i);
    }
  }
  return estimator.interval(sample_weights);
}

double coverage(const std::function<Program(std::mt19937&)>& make, const Schedule& schedule,
                unsigned seed) {
  std::mt19937 random(seed);
  int held = 0;
  for (int run = 0; run < kRuns; ++run) {
    const Program program = make(random);
    const Interval interval = look_at(program, schedule, random);
    const double truth = true_share(program);
    held += interval.low <= truth && truth <= interval.high ? 1 : 0;
  }
  return static_cast<double>(held) / kRuns;
}

TEST(Coverage, OfShortCalls) {
  const auto make = [](std::mt19937& random) { return random_program(random, 1000, 0.02, 0.05); };
  EXPECT_GT(coverage(make, {}, 1), 0.92);
  EXPECT_LT(coverage(make, {}, 1), 0.98);  // not by being too wide
}

TEST(Coverage, OfARareFunction) {
  const auto make = [](std::mt19937& random) { return random_program(random, 1000, 0.02, 2.0); };
  EXPECT_GT(coverage(make, {}, 2), 0.92);
}

TEST(Coverage, OfStretchesOfManyPeriods) {
  const auto make = [](std::mt19937& random) { return random_program(random, 1000, 20, 30); };
  EXPECT_GT(coverage(make, {}, 3), 0.92);
}

TEST(Coverage, OfThinnedSamplesWithUnequalWeights) {
  const auto make = [](std::mt19937& random) { return random_program(random, 4000, 0.5, 1.0); };
  EXPECT_GT(coverage(make, {.keep = 0.2}, 4), 0.92);
  const auto slow = [](std::mt19937& random) { return random_program(random, 4000, 40, 80); };
  EXPECT_GT(coverage(slow, {.keep = 0.2}, 5), 0.92);
}

TEST(ShareEstimator, KnowsAProgramInTwoHalvesAlmostExactly) {
  std::mt19937 random(6);
  const Interval interval = look_at({{500, true}, {1000, false}}, {}, random);
  EXPECT_LT(interval.half_width(), 0.012);  // independent draws would say 0.031
}

TEST(ShareEstimator, AgreesWithTheDefinition) {
  // The one-pass sums against the plain formula over all neighbours.
  std::mt19937 random(7);
  std::vector<double> weights;
  std::vector<bool> hits;
  for (int i = 0; i < 200; ++i) {
    weights.push_back(std::uniform_real_distribution<double>(0.5, 4)(random));
    hits.push_back(std::bernoulli_distribution(0.4)(random));
  }
  const SampleWeights all(weights);
  ShareEstimator estimator;
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (hits[i]) {
      estimator.add(all, i);
      estimator.add(all, i);  // counts once
      sum += weights[i];
    }
  }
  const double p = sum / all.total();
  double squares = 0;
  const auto error = [&](std::size_t i) { return weights[i] * ((hits[i] ? 1 : 0) - p); };
  for (std::size_t i = 1; i < weights.size(); ++i) {
    squares += std::pow(error(i) - error(i - 1), 2) / 2;
  }
  const double effect = squares / (p * (1 - p) * all.sum_of_squares());
  ASSERT_GT(effect, 0.1);
  const Interval expected = wilson(p, all.total() * all.total() / all.sum_of_squares() / effect);
  EXPECT_NEAR(estimator.share(all), p, 1e-12);
  EXPECT_NEAR(estimator.interval(all).low, expected.low, 1e-9);
  EXPECT_NEAR(estimator.interval(all).high, expected.high, 1e-9);
}

TEST(Widen, AddsWhatBiasCanDo) {
  const Interval narrow{.low = 0.29, .high = 0.31};
  EXPECT_EQ(widen(narrow, 0.3, 0, 0), narrow);
  const Interval floor = widen(narrow, 0.3, 0, 0.02);
  EXPECT_DOUBLE_EQ(floor.low, 0.28);
  EXPECT_DOUBLE_EQ(floor.high, 0.32);
  const Interval unseen = widen(narrow, 0.3, 0.1, 0);  // a tenth may all be elsewhere, or here
  EXPECT_DOUBLE_EQ(unseen.low, 0.29 * 0.9);
  EXPECT_DOUBLE_EQ(unseen.high, 0.31 * 0.9 + 0.1);
}

TEST(Wilson, StaysWithinBoundsAndKnowsNothingFromNothing) {
  EXPECT_EQ(wilson(0.5, 0), (Interval{.low = 0, .high = 1}));
  EXPECT_GE(wilson(0, 10).low, 0);
  EXPECT_LE(wilson(1, 10).high, 1);
  EXPECT_GT(wilson(0, 10).high, 0.2);
}

}  // namespace
}  // namespace lancehead::analyze
