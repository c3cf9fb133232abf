#include "show/diff_answer.h"

#include <fmt/format.h>

#include <utility>

#include "show/function_filter.h"
#include "show/selection.h"

namespace lancehead::show {
namespace {

using analyze::Verdict;
using profile::FunctionId;
using profile::Profile;

// Below this part of the time, what blocks or waits is left out where no clock was asked for.
constexpr double kLittleWaiting = 0.05;

bool only_computes(const analyze::Selection& selection) {
  const analyze::TimeSplit& split = selection.split;
  return split.cpu > 0 &&
         split.blocked + split.stopped + split.waiting < kLittleWaiting * split.wall;
}

// One clock for both recordings. Time in which a program that computes had no processor is the
// machine's, and differs most between runs, so such programs are compared by CPU time.
ClockChoice common_clock(const analyze::Selection& before, const analyze::Selection& after) {
  if (only_computes(before) && only_computes(after)) {
    return ClockChoice::cpu;
  }
  return before.clock == analyze::Clock::wall && after.clock == analyze::Clock::wall
             ? ClockChoice::wall
             : ClockChoice::busy;
}

Result<std::pair<analyze::Selection, analyze::Selection>> select_both(const Profile& before,
                                                                      const Profile& after,
                                                                      const DiffOptions& options) {
  ReportOptions question{.clock = options.clock, .thread = options.thread};
  auto first = select_for(before, question);
  auto second = select_for(after, question);
  if (first && second && options.clock == ClockChoice::automatic) {
    question.clock = common_clock(*first, *second);
    first = select_for(before, question);
    second = select_for(after, question);
  }
  if (!first || !second) {
    return std::unexpected(first ? second.error() : first.error());
  }
  return std::pair(std::move(*first), std::move(*second));
}

class Shown {
 public:
  Shown(const FunctionFilter& filter, const Profile& before, const Profile& after)
      : filter_(&filter), before_(&before), after_(&after) {}

  [[nodiscard]] bool shows(FunctionId before, FunctionId after) const {
    return filter_->is_empty() || filter_->shows(*before_, before) ||
           filter_->shows(*after_, after);
  }

 private:
  const FunctionFilter* filter_;
  const Profile* before_;
  const Profile* after_;
};

void leave_shown(analyze::Diff& diff, const Shown& shown) {
  std::erase_if(diff.functions, [&shown](const analyze::FunctionChange& row) {
    return !shown.shows(row.before, row.after);
  });
  std::erase_if(diff.lines, [&shown](const analyze::LineChange& row) {
    return !shown.shows(row.before.function, row.after.function);
  });
  std::erase_if(diff.expressions, [&shown](const analyze::ExpressionChange& row) {
    return !shown.shows(row.before_line.function, row.after_line.function);
  });
}

template <typename Rows>
void count(Findings& findings, const Rows& rows) {
  for (const auto& row : rows) {
    const Verdict verdict = analyze::verdict_of(row);
    findings.slower += verdict == Verdict::slower ? 1U : 0U;
    findings.faster += verdict == Verdict::faster ? 1U : 0U;
  }
}

}  // namespace

Result<DiffAnswer> answer_diff(const Profile& before, const Profile& after,
                               const DiffOptions& options) {
  const auto filter = FunctionFilter::of_pattern(options.filter);
  if (!filter) {
    return std::unexpected(filter.error());
  }
  auto selections = select_both(before, after, options);
  if (!selections) {
    return std::unexpected(selections.error());
  }
  analyze::CodeMatch match(before, after);
  analyze::Diff diff =
      analyze::diff({.profile = before, .selection = selections->first},
                    {.profile = after, .selection = selections->second}, match, options.threshold);
  leave_shown(diff, Shown(*filter, before, after));
  return DiffAnswer{.before = before,
                    .after = after,
                    .before_selection = std::move(selections->first),
                    .after_selection = std::move(selections->second),
                    .match = std::move(match),
                    .diff = std::move(diff)};
}

Findings findings_of(const DiffAnswer& answer) {
  Findings findings;
  count(findings, answer.diff.functions);
  count(findings, answer.diff.lines);
  count(findings, answer.diff.expressions);
  return findings;
}

const char* verdict_word(const Findings& findings) {
  if (findings.slower > 0) {
    return findings.faster > 0 ? "mixed" : "slower";
  }
  return findings.faster > 0 ? "faster" : "same";
}

const char* verdict_word(Verdict verdict) {
  switch (verdict) {
    case Verdict::slower: return "slower";
    case Verdict::faster: return "faster";
    case Verdict::same: return "same";
  }
  return "same";
}

}  // namespace lancehead::show
