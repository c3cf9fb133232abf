// What takes more or less time in a second recording of a program than in a first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "analyze/change.h"
#include "analyze/code_match.h"
#include "analyze/lines.h"
#include "analyze/selection.h"
#include "profile/profile.h"

namespace lancehead::analyze {

struct FunctionChange {
  profile::FunctionId before;  // none where only the other has it
  profile::FunctionId after;
  Change self;
  Change total;
};

// A line, as far as one recording has time on it.
struct LineRef {
  profile::FunctionId function;  // none where there is no such line
  std::uint32_t line = 0;
};

struct LineChange {
  LineRef before;
  LineRef after;
  Change self;
  Change total;
};

// An expression, or what a statement does itself: then the ranges have no columns.
struct ExpressionChange {
  LineRef before_line;
  LineRef after_line;
  std::optional<profile::Position> before;
  std::optional<profile::Position> after;
  Change self;  // with the expressions inside it
  Change own;   // without

  [[nodiscard]] bool is_statement() const {
    return !(after ? after->has_columns() : before->has_columns());
  }
};

// Rows with a verdict come first, those that changed most before others; rows without by time.
struct Diff {
  RunTime before;
  RunTime after;
  RunDifference runs;
  std::size_t comparisons = 0;
  // By what part of its time a place with a tenth of all time must change to be found.
  double detectable = 0;
  // Share of both runs' time that lies in places which both have.
  double matched = 0;
  std::vector<FunctionChange> functions;
  std::vector<LineChange> lines;
  std::vector<ExpressionChange> expressions;

  // Whether the speed of the second run is known; else intervals are wide.
  [[nodiscard]] bool speed_is_known() const { return runs.speeds.size() == 1; }
};

struct Run {
  const profile::Profile& profile;
  const Selection& selection;
};

// `threshold` is the least change that is one, as a share of all time.
[[nodiscard]] Diff diff(const Run& before, const Run& after, const CodeMatch& match,
                        double threshold);

// What is said of the row itself; where that did not change, of it with what it calls or holds.
[[nodiscard]] Verdict verdict_of(const FunctionChange& row);
[[nodiscard]] Verdict verdict_of(const LineChange& row);
[[nodiscard]] Verdict verdict_of(const ExpressionChange& row);

}  // namespace lancehead::analyze
