// Shares of time with their intervals.
//
// What is estimated is the share of *this run's* time, not of another run's: the program is given,
// only the moments of looking are drawn. A looker with a jittered schedule takes one sample out of
// each stretch of time, so two neighbours differ by little more than what one stretch hides. The
// variance is therefore taken from the differences of neighbours (which is what a sum over strata
// has), never from the whole run's mixture: a program in two halves, f then g, has a share of f
// that is known almost exactly. Where neighbours differ more than independent draws would (a
// program in step with the schedule, uneven weights), the interval is wider than for independent
// draws.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace lancehead::analyze {

// Bounds of a share, both within 0 to 1; about 95 of 100 such intervals hold the truth.
struct Interval {
  double low = 0;
  double high = 1;

  [[nodiscard]] double half_width() const { return (high - low) / 2; }
  bool operator==(const Interval&) const = default;
};

// Wilson's interval for a share that `effective` independent draws have given.
[[nodiscard]] Interval wilson(double share, double effective);

// Widened by what bias can do: `unseen` is the share of time whose looks failed, all of which may
// belong here or nowhere; `floor` the least half width that the way of looking can vouch for.
[[nodiscard]] Interval widen(Interval interval, double share, double unseen, double floor);

// The weights of all samples, in order of time, thread by thread. Made once, used by all rows.
class SampleWeights {
 public:
  explicit SampleWeights(std::vector<double> weights);

  [[nodiscard]] std::size_t size() const { return weights_.size(); }
  [[nodiscard]] double operator[](std::size_t sample) const { return weights_[sample]; }
  [[nodiscard]] double total() const { return total_; }
  [[nodiscard]] double sum_of_squares() const { return squares_; }
  // Over neighbours: the sum of (w[i+1] - w[i])^2.
  [[nodiscard]] double squared_differences() const { return squared_differences_; }

 private:
  std::vector<double> weights_;
  double total_ = 0;
  double squares_ = 0;
  double squared_differences_ = 0;
};

// Sums the samples that belong to one row. What it needs of neighbours is gathered on the way, so
// that a row costs what its own samples cost.
class ShareEstimator {
 public:
  // In increasing order; the same sample again does not count.
  void add(const SampleWeights& weights, std::size_t sample);

  [[nodiscard]] std::size_t samples() const { return samples_; }
  [[nodiscard]] double sum() const { return sum_; }
  [[nodiscard]] double share(const SampleWeights& weights) const;
  // How many independent draws all samples together are worth for this row.
  [[nodiscard]] double draws(const SampleWeights& weights) const;
  // Without bias; see widen().
  [[nodiscard]] Interval interval(const SampleWeights& weights) const;

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  void add_difference(double hit, double weight);

  std::size_t samples_ = 0;
  std::size_t last_ = kNone;
  double sum_ = 0;
  double hit_squares_ = 0;  // sum of d^2, d the difference of neighbours' weight within the row
  double hit_weights_ = 0;  // sum of d times the difference of the neighbours' weights
};

}  // namespace lancehead::analyze
