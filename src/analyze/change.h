// Whether a place takes more or less time in a second run than in the first.
//
// What is known of a run is a sample of its time, so each time has a sampling error; it is that of
// statistics.h. But two runs also differ where no line was changed: the machine is faster or
// slower as a whole, and each place by a little of its own (memory layout, hashes, other load). So
//
//     time of a place after = speed * time before * (1 + what has changed there)
//
// Only the product of speed and change can be seen. Shares do not help: where one place takes more,
// all others take a smaller share. Analyses of gene expression have the same question, and its
// answer ("most genes do not change": Robinson and Oshlack, Genome Biology 11 (2010) R25; Anders
// and Huber, the same, R106) holds for programs: the speed is the one that leaves the fewest places
// changed. Here it is the minimum of a sum over disjoint places, in which a place counts the square
// of its distance from the speed in standard deviations, but never more than a constant (the
// skipped mean of robust statistics). Thus a place with most of the time has one vote, where a
// median weighted by time would follow it. Where two speeds explain the times nearly as well, the
// intervals of all places hold both, and nothing is found.
//
// How much places differ by themselves cannot be known from two runs, but it shows where several
// are compared: most did not change, so the middle one of their distances from the speed is noise.
// Where that is more than the samples explain (a machine with other work to do), all intervals are
// that much wider. Many real changes look the same, so that only so much noise is believed.
//
// All intervals of a comparison hold at once in 99 of 100 cases (Bonferroni).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analyze/selection.h"

namespace lancehead::analyze {

// A run as a whole.
struct RunTime {
  double total = 0;   // ns
  double draws = 0;   // independent draws that its samples are worth
  double unseen = 0;  // see Selection
};

[[nodiscard]] RunTime run_time(const Selection& selection);

// A place in one run. Where it has no sample, the time is 0 and the draws are the run's.
struct PlaceTime {
  double time = 0;
  double draws = 0;
};

// The same place in both runs.
struct PlacePair {
  PlaceTime before;
  PlaceTime after;
};

// How long the second run takes for what takes the first a second, as a whole. `deviation` is of
// the logarithm.
struct Speed {
  double factor = 1;
  double deviation = 0;
};

struct RunDifference {
  std::vector<Speed>
      speeds;  // best first, then what explains the times nearly as well; never empty
  // By how much a place differs where nothing changed: the deviation of the logarithm.
  double noise = 0;
};

[[nodiscard]] RunDifference compare_runs(const RunTime& before, const RunTime& after,
                                         std::span<const PlacePair> disjoint);

enum class Verdict : std::uint8_t { same, slower, faster };

// Times in ns. `after` is at the speed of the first run.
struct Change {
  double before = 0;
  double after = 0;
  double low = 0;  // of the difference
  double high = 0;
  Verdict verdict = Verdict::same;

  [[nodiscard]] double difference() const { return after - before; }
};

class Comparer {
 public:
  // `threshold` is the least change that is one, as a share of all time.
  Comparer(const RunTime& before, const RunTime& after, RunDifference runs, double threshold);

  // Whether the place could change by the threshold at all. Only such places are comparisons; the
  // sum of both times tells nothing of their difference, so that choosing by it is fair.
  [[nodiscard]] bool matters(const PlacePair& pair) const;
  // How many places matter in all.
  void set_comparisons(std::size_t count);

  // `floor` is as for make_share().
  [[nodiscard]] Change compare(const PlacePair& pair, double floor) const;

  [[nodiscard]] double quantile() const { return quantile_; }

 private:
  RunTime before_;
  RunTime after_;
  RunDifference runs_;
  double threshold_;
  double quantile_ = 0;
};

}  // namespace lancehead::analyze
