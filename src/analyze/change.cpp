#include "analyze/change.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace lancehead::analyze {
namespace {

// The part of reports on equal programs in which anything is found.
constexpr double kFalseAlarms = 0.01;

// By how much (standard deviation, as a part of its time) a place differs between two runs of the
// same program on the same machine, beyond the speed of the whole: at least the first, and no more
// than the second is believed; see docs/diff.md.
constexpr double kLeastNoise = 0.01;
constexpr double kMostNoise = 0.05;

// Noise is told by the middle one of at least so many places of this share of the time.
constexpr std::size_t kLeastPlaces = 5;
constexpr double kLeastWitness = 0.01;

// The median of the square of a normal deviate.
constexpr double kMedianSquare = 0.4549;

// From this many standard deviations on a place counts as changed when the speed is looked for.
constexpr double kChanged = 3;

// Runs of one program on one machine differ by some percent as a whole, seldom by much more (a
// distribution of Cauchy, which has room for another machine or twice the work).
constexpr double kUsualSpeedError = 0.05;

// Speeds are alternatives when their sums differ by less: e^2 to 1.
constexpr double kNearlyAsGood = 4;

// Places with a smaller share tell too little to propose a speed.
constexpr double kLeastProposer = 0.005;

// The part of the error of looking at an expression that may not be the same in both runs.
constexpr double kUncancelled = 0.5;

constexpr int kRefinements = 20;

double square(double value) {
  return value * value;
}

// The variance of a time, in ns^2. The time of the whole is known, but not what part of it the
// speed explains, so that the place is counted as a Poisson process is: then the difference to the
// rest comes out as that of a multinomial's log odds. One draw more, because no time is known
// better than that, and least where nothing was seen.
double variance_of(const RunTime& run, const PlaceTime& place) {
  const double draws = place.draws > 0 ? place.draws : run.draws;
  if (!(draws > 0)) {
    return square(run.total);
  }
  const double draw = run.total / draws;
  return draw * place.time + square(draw);
}

// A place as the speed sees it: the logarithm of the ratio of its times.
struct Ratio {
  double log = 0;
  double deviation = 1;
  double share = 0;
};

std::vector<Ratio> ratios_of(const RunTime& before, const RunTime& after,
                             std::span<const PlacePair> pairs, double noise) {
  std::vector<Ratio> ratios;
  if (!(before.draws > 0) || !(after.draws > 0)) {
    return ratios;
  }
  for (const PlacePair& pair : pairs) {
    // Half a draw more on both sides, so that a place which was seen once has a finite ratio.
    const double old_time = pair.before.time + before.total / before.draws / 2;
    const double new_time = pair.after.time + after.total / after.draws / 2;
    const double variance = variance_of(before, pair.before) / square(old_time) +
                            variance_of(after, pair.after) / square(new_time) + square(noise);
    ratios.push_back(
        {.log = std::log(new_time / old_time),
         .deviation = std::sqrt(variance),
         .share = (pair.before.time / before.total + pair.after.time / after.total) / 2});
  }
  return ratios;
}

// What a logarithm of the speed leaves unexplained.
double unexplained(std::span<const Ratio> ratios, double speed) {
  double sum = 2 * std::log1p(square(speed / kUsualSpeedError));
  for (const Ratio& ratio : ratios) {
    sum += std::min(square((ratio.log - speed) / ratio.deviation), square(kChanged));
  }
  return sum;
}

struct Mean {
  double log = 0;
  double precision = 0;
};

// Of the places that this speed leaves unchanged.
Mean unchanged_mean(std::span<const Ratio> ratios, double speed) {
  Mean mean;
  for (const Ratio& ratio : ratios) {
    if (std::abs(ratio.log - speed) < kChanged * ratio.deviation) {
      const double weight = 1 / square(ratio.deviation);
      mean.precision += weight;
      mean.log += weight * ratio.log;
    }
  }
  mean.log = mean.precision > 0 ? mean.log / mean.precision : speed;
  return mean;
}

struct Candidate {
  double log = 0;
  double precision = 0;
  double unexplained = 0;
};

Candidate refined(std::span<const Ratio> ratios, double speed) {
  Mean mean = unchanged_mean(ratios, speed);
  for (int i = 0; i < kRefinements && mean.log != speed; ++i) {
    speed = mean.log;
    mean = unchanged_mean(ratios, speed);
  }
  return {.log = speed, .precision = mean.precision, .unexplained = unexplained(ratios, speed)};
}

// The upper tail of the normal distribution has no closed inverse; halving an interval is exact
// enough and always ends.
double normal_quantile(double tail) {
  double low = 0;
  double high = 40;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (std::erfc(middle / std::numbers::sqrt2) / 2 > tail ? low : high) = middle;
  }
  return high;
}

}  // namespace

RunTime run_time(const Selection& selection) {
  const SampleWeights& weights = selection.weights;
  return {.total = weights.total(),
          .draws =
              weights.sum_of_squares() > 0 ? square(weights.total()) / weights.sum_of_squares() : 0,
          .unseen = selection.unseen};
}

namespace {

std::vector<Speed> speeds_by(const RunTime& before, const RunTime& after,
                             std::span<const Ratio> ratios) {
  std::vector<Candidate> candidates = {refined(ratios, 0)};
  if (before.total > 0 && after.total > 0) {
    candidates.push_back(refined(ratios, std::log(after.total / before.total)));
  }
  for (const Ratio& ratio : ratios) {
    if (ratio.share >= kLeastProposer) {
      candidates.push_back(refined(ratios, ratio.log));
    }
  }
  std::ranges::stable_sort(candidates, {}, &Candidate::unexplained);
  const double best = candidates.front().unexplained;
  std::vector<Speed> speeds;
  for (const Candidate& one : candidates) {
    const double deviation = one.precision > 0 ? 1 / std::sqrt(one.precision) : 1;
    const bool is_known = std::ranges::any_of(speeds, [&](const Speed& speed) {
      return std::abs(std::log(speed.factor) - one.log) < deviation / 10;
    });
    if (one.unexplained <= best + kNearlyAsGood && !is_known) {
      speeds.push_back({.factor = std::exp(one.log), .deviation = deviation});
    }
  }
  return speeds;
}

// How far the places are from the speed that a noise leaves: the middle one of their distances, in
// standard deviations, squared.
struct Scatter {
  double median = 0;
  std::size_t places = 0;

  // More than chance explains, in 19 of 20 cases. The rank of a median of n is distributed as a
  // Beta around one half, with a deviation of 1 / (2 sqrt(n + 2)).
  [[nodiscard]] bool is_significant() const {
    constexpr double kOneSided = 1.645;
    const double rank = 0.5 + kOneSided / (2 * std::sqrt(static_cast<double>(places) + 2));
    return places >= kLeastPlaces && median > square(normal_quantile((1 - rank) / 2));
  }
};

Scatter scatter_of(std::span<const Ratio> ratios, double speed) {
  std::vector<double> squares;
  for (const Ratio& ratio : ratios) {
    if (ratio.share >= kLeastWitness) {
      squares.push_back(square((ratio.log - speed) / ratio.deviation));
    }
  }
  if (squares.empty()) {
    return {};
  }
  const auto middle = squares.begin() + static_cast<std::ptrdiff_t>(squares.size() / 2);
  std::ranges::nth_element(squares, middle);
  return {.median = *middle, .places = squares.size()};
}

}  // namespace

RunDifference compare_runs(const RunTime& before, const RunTime& after,
                           std::span<const PlacePair> disjoint) {
  constexpr int kSteps = 8;
  RunDifference difference;
  for (int step = 0; step <= kSteps; ++step) {
    const double noise = kLeastNoise + (kMostNoise - kLeastNoise) * step / kSteps;
    const auto ratios = ratios_of(before, after, disjoint, noise);
    difference = {.speeds = speeds_by(before, after, ratios), .noise = noise};
    const Scatter scatter = scatter_of(ratios, std::log(difference.speeds.front().factor));
    if (step == 0 ? !scatter.is_significant() : scatter.median <= kMedianSquare) {
      break;
    }
  }
  return difference;
}

Comparer::Comparer(const RunTime& before, const RunTime& after, RunDifference runs,
                   double threshold)
    : before_(before), after_(after), runs_(std::move(runs)), threshold_(threshold) {
  set_comparisons(1);
}

void Comparer::set_comparisons(std::size_t count) {
  quantile_ =
      normal_quantile(kFalseAlarms / 2 / static_cast<double>(std::max<std::size_t>(count, 1)));
}

bool Comparer::matters(const PlacePair& pair) const {
  return before_.total > 0 && after_.total > 0 &&
         pair.before.time + pair.after.time / runs_.speeds.front().factor >=
             threshold_ * before_.total;
}

Change Comparer::compare(const PlacePair& pair, double floor) const {
  Change change{.before = pair.before.time,
                .after = pair.after.time / runs_.speeds.front().factor,
                .low = 0,
                .high = 0};
  bool is_first = true;
  for (const Speed& speed : runs_.speeds) {
    const double after = pair.after.time / speed.factor;
    const double mean = (pair.before.time + after) / 2;
    const double variance = variance_of(before_, pair.before) +
                            variance_of(after_, pair.after) / square(speed.factor) +
                            square(mean) * (square(runs_.noise) + square(speed.deviation));
    const double half = quantile_ * std::sqrt(variance) + kUncancelled * floor * before_.total;
    const double difference = after - pair.before.time;
    const double low = difference - half - before_.unseen * before_.total;
    const double high = difference + half + after_.unseen * after_.total / speed.factor;
    change.low = is_first ? low : std::min(change.low, low);
    change.high = is_first ? high : std::max(change.high, high);
    is_first = false;
  }
  const bool is_large = std::abs(change.difference()) >= threshold_ * before_.total;
  if (is_large && matters(pair) && change.difference() != 0) {
    change.verdict = change.low > 0    ? Verdict::slower
                     : change.high < 0 ? Verdict::faster
                                       : Verdict::same;
  }
  return change;
}

}  // namespace lancehead::analyze
