#include "analyze/statistics.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lancehead::analyze {
namespace {

constexpr double kNormal95 = 1.959964;

// However still the program, a tenth of the variance of independent draws is kept: neighbours that
// never differ may also mean a schedule in step with the program.
constexpr double kLeastDesignEffect = 0.1;

}  // namespace

Interval wilson(double share, double effective) {
  if (!(effective > 0)) {
    return {};
  }
  const double square = kNormal95 * kNormal95;
  const double center = (share + square / (2 * effective)) / (1 + square / effective);
  const double half =
      kNormal95 / (1 + square / effective) *
      std::sqrt(share * (1 - share) / effective + square / (4 * effective * effective));
  return {.low = std::max(0.0, center - half), .high = std::min(1.0, center + half)};
}

Interval widen(Interval interval, double share, double unseen, double floor) {
  const double lost = std::clamp(unseen, 0.0, 1.0);
  interval.low *= 1 - lost;
  interval.high = interval.high * (1 - lost) + lost;
  return {.low = std::max(0.0, std::min(interval.low, share - floor)),
          .high = std::min(1.0, std::max(interval.high, share + floor))};
}

SampleWeights::SampleWeights(std::vector<double> weights) : weights_(std::move(weights)) {
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    total_ += weights_[i];
    squares_ += weights_[i] * weights_[i];
    if (i > 0) {
      const double difference = weights_[i] - weights_[i - 1];
      squared_differences_ += difference * difference;
    }
  }
}

void ShareEstimator::add_difference(double hit, double weight) {
  hit_squares_ += hit * hit;
  hit_weights_ += hit * weight;
}

void ShareEstimator::add(const SampleWeights& weights, std::size_t sample) {
  if (sample == last_) {
    return;
  }
  const double weight = weights[sample];
  const bool follows = last_ != kNone && last_ + 1 == sample;
  if (sample > 0) {
    const double step = weight - weights[sample - 1];
    if (follows) {
      // The neighbour before had already been closed as if this one were a miss.
      const double before = weights[sample - 1];
      hit_squares_ -= before * before;
      hit_weights_ += before * step;
      add_difference(step, step);
    } else {
      add_difference(weight, step);
    }
  }
  if (sample + 1 < weights.size()) {
    add_difference(-weight, weights[sample + 1] - weight);
  }
  last_ = sample;
  ++samples_;
  sum_ += weight;
}

double ShareEstimator::share(const SampleWeights& weights) const {
  return weights.total() > 0 ? std::clamp(sum_ / weights.total(), 0.0, 1.0) : 0;
}

double ShareEstimator::draws(const SampleWeights& weights) const {
  const double total = weights.total();
  if (!(total > 0)) {
    return 0;
  }
  const double p = share(weights);
  const double draws = total * total / weights.sum_of_squares();
  const double independent = p * (1 - p) * weights.sum_of_squares();
  if (!(independent > 0)) {
    return draws;
  }
  const double neighbours =
      (hit_squares_ - 2 * p * hit_weights_ + p * p * weights.squared_differences()) / 2;
  return draws / std::max(neighbours / independent, kLeastDesignEffect);
}

Interval ShareEstimator::interval(const SampleWeights& weights) const {
  return wilson(share(weights), draws(weights));
}

}  // namespace lancehead::analyze
