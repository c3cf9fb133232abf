#include "analyze/diff.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "analyze/expression_match.h"
#include "analyze/functions.h"

namespace lancehead::analyze {
namespace {

using profile::FunctionId;
using profile::Position;
using profile::Profile;

PlaceTime place_time(const Share& share) {
  return {.time = share.time, .draws = share.draws};
}

// The times of a row in both runs. Self, and for expressions own, are compared with the floor that
// the way of looking has.
template <typename Row>
struct Compared {
  Row row;
  PlacePair first;
  PlacePair second;
};

LineRef line_ref(const LineRow& row) {
  return {.function = row.functions.front(), .line = row.line};
}

Position statement_of(const LineRow& row) {
  return {.line = row.line, .end_line = row.line};
}

class Differ {
 public:
  Differ(const Run& before, const Run& after, const CodeMatch& match)
      : before_(&before),
        after_(&after),
        match_(&match),
        before_lines_(analyze::lines(before.profile, before.selection)),
        after_lines_(analyze::lines(after.profile, after.selection)) {}

  Diff compare(double threshold) {
    pair_functions();
    pair_lines();
    diff_.before = run_time(before_->selection);
    diff_.after = run_time(after_->selection);
    const double all = diff_.before.total + diff_.after.total;
    double matched = 0;
    for (const PlacePair& pair : disjoint_) {
      matched += pair.before.time + pair.after.time;
    }
    diff_.matched = all > 0 ? std::min(1.0, matched / all) : 0;
    diff_.runs = compare_runs(diff_.before, diff_.after, disjoint_);
    Comparer comparer(diff_.before, diff_.after, diff_.runs, threshold);
    diff_.comparisons =
        count(comparer, functions_) + count(comparer, lines_) + count(comparer, expressions_);
    comparer.set_comparisons(diff_.comparisons);
    diff_.detectable = detectable(comparer, threshold);
    for (auto& [row, self, total] : functions_) {
      row.self = comparer.compare(self, 0);
      row.total = comparer.compare(total, 0);
      diff_.functions.push_back(row);
    }
    for (auto& [row, self, total] : lines_) {
      row.self = comparer.compare(self, 0);
      row.total = comparer.compare(total, 0);
      diff_.lines.push_back(row);
    }
    for (auto& [row, self, own] : expressions_) {
      row.self = comparer.compare(self, kExpressionFloor);
      row.own = comparer.compare(own, kExpressionFloor);
      diff_.expressions.push_back(row);
    }
    sort();
    return std::move(diff_);
  }

 private:
  template <typename Rows>
  static std::size_t count(const Comparer& comparer, const Rows& rows) {
    std::size_t count = 0;
    for (const auto& row : rows) {
      count += comparer.matters(row.first) ? 1U : 0U;
      count += comparer.matters(row.second) ? 1U : 0U;
    }
    return count;
  }

  [[nodiscard]] double detectable(const Comparer& comparer, double threshold) const {
    constexpr double kPart = 0.1;
    const double time = kPart * diff_.before.total;
    if (!(time > 0)) {
      return 1;
    }
    const double factor = diff_.runs.speeds.front().factor;
    const Change unchanged =
        comparer.compare({.before = {.time = time}, .after = {.time = time * factor}}, 0);
    return std::max({unchanged.high, -unchanged.low, threshold * diff_.before.total}) / time;
  }

  void pair_functions() {
    std::map<FunctionId, FunctionRow> befores;
    for (const FunctionRow& row : functions(before_->profile, before_->selection)) {
      befores.emplace(row.function, row);
    }
    for (const FunctionRow& row : functions(after_->profile, after_->selection)) {
      const FunctionId before = match_->before_of(row.function);
      const auto found = before.is_none() ? befores.end() : befores.find(before);
      const bool is_there = found != befores.end();
      add_function(before, row.function, is_there ? &found->second : nullptr, &row);
      if (is_there) {
        befores.erase(found);
      }
    }
    for (const auto& [id, row] : befores) {
      add_function(id, match_->after_of(id), &row, nullptr);
    }
  }

  void add_function(FunctionId before, FunctionId after, const FunctionRow* before_row,
                    const FunctionRow* after_row) {
    functions_.push_back(
        {.row = {.before = before, .after = after, .self = {}, .total = {}},
         .first = {.before = before_row == nullptr ? PlaceTime() : place_time(before_row->self),
                   .after = after_row == nullptr ? PlaceTime() : place_time(after_row->self)},
         .second = {.before = before_row == nullptr ? PlaceTime() : place_time(before_row->total),
                    .after = after_row == nullptr ? PlaceTime() : place_time(after_row->total)}});
    // Where compiled traces ran in either run, there are no lines to tell the speed by.
    if (is_compiled(before, after) && !before.is_none() && !after.is_none()) {
      disjoint_.push_back(functions_.back().first);
    }
  }

  [[nodiscard]] bool is_compiled(FunctionId before, FunctionId after) const {
    const auto has = [](const Lines& lines, FunctionId id) {
      return std::ranges::any_of(lines.compiled,
                                 [id](const CompiledFunction& one) { return one.function == id; });
    };
    return has(before_lines_, before) || has(after_lines_, after);
  }

  // A line of a function that was compiled in the other run is there and not told of.
  [[nodiscard]] bool is_untold(const LineRow& row, bool is_after) const {
    return std::ranges::any_of(row.functions, [&](FunctionId id) {
      return is_after ? is_compiled(match_->before_of(id), id)
                      : is_compiled(id, match_->after_of(id));
    });
  }

  void pair_lines() {
    std::map<std::pair<std::string_view, std::uint32_t>, const LineRow*> befores;
    for (const LineRow& row : before_lines_.rows) {
      if (!is_untold(row, false)) {
        befores[{before_->profile.function(row.functions.front()).file, row.line}] = &row;
      }
    }
    for (const LineRow& row : after_lines_.rows) {
      if (is_untold(row, true)) {
        continue;
      }
      const FunctionId function = row.functions.front();
      const auto line = match_->line_before(function, row.line);
      const auto found =
          line ? befores.find({match_->file_before(after_->profile.function(function).file), *line})
               : befores.end();
      add_line(found == befores.end() ? nullptr : found->second, &row);
      if (found != befores.end()) {
        befores.erase(found);
      }
    }
    for (const auto& [place, row] : befores) {
      add_line(row, nullptr);
    }
  }

  void add_line(const LineRow* before, const LineRow* after) {
    const LineRef before_ref = before == nullptr ? LineRef() : line_ref(*before);
    const LineRef after_ref = after == nullptr ? LineRef() : line_ref(*after);
    lines_.push_back(
        {.row = {.before = before_ref, .after = after_ref, .self = {}, .total = {}},
         .first = {.before = before == nullptr ? PlaceTime() : place_time(before->self),
                   .after = after == nullptr ? PlaceTime() : place_time(after->self)},
         .second = {.before = before == nullptr ? PlaceTime() : place_time(before->total),
                    .after = after == nullptr ? PlaceTime() : place_time(after->total)}});
    const bool is_paired = before != nullptr && after != nullptr;
    // The speed is told by lines: their time is known without the error of single instructions.
    if (is_paired && before->self.time + after->self.time > 0) {
      disjoint_.push_back(lines_.back().first);
    }
    const std::vector<IndexPair> pairs =
        is_paired ? match_expressions(before_->profile, *before, after_->profile, *after)
                  : only_of(before == nullptr ? *after : *before, before != nullptr);
    for (const auto& [i, j] : pairs) {
      add_expression(before, after, i ? &before->expressions[*i] : nullptr,
                     j ? &after->expressions[*j] : nullptr);
    }
    add_statement(before, after);
  }

  static std::vector<IndexPair> only_of(const LineRow& row, bool is_before) {
    std::vector<IndexPair> pairs;
    for (std::size_t i = 0; i < row.expressions.size(); ++i) {
      pairs.push_back(is_before ? IndexPair(i, std::nullopt) : IndexPair(std::nullopt, i));
    }
    return pairs;
  }

  void add_expression(const LineRow* before_row, const LineRow* after_row,
                      const ExpressionRow* before, const ExpressionRow* after) {
    ExpressionChange row = expression_row(before_row, after_row);
    PlacePair self;
    PlacePair own;
    if (before != nullptr) {
      row.before = before->range;
      self.before = place_time(before->self);
      own.before = place_time(before->own);
    }
    if (after != nullptr) {
      row.after = after->range;
      self.after = place_time(after->self);
      own.after = place_time(after->own);
    }
    add_expression(row, self, own);
  }

  void add_statement(const LineRow* before, const LineRow* after) {
    ExpressionChange row = expression_row(before, after);
    PlacePair rest;
    if (before != nullptr) {
      row.before = statement_of(*before);
      rest.before = place_time(before->rest);
    }
    if (after != nullptr) {
      row.after = statement_of(*after);
      rest.after = place_time(after->rest);
    }
    add_expression(row, rest, rest);
  }

  static ExpressionChange expression_row(const LineRow* before, const LineRow* after) {
    return {.before_line = before == nullptr ? LineRef() : line_ref(*before),
            .after_line = after == nullptr ? LineRef() : line_ref(*after),
            .before = std::nullopt,
            .after = std::nullopt,
            .self = {},
            .own = {}};
  }

  void add_expression(const ExpressionChange& row, const PlacePair& self, const PlacePair& own) {
    if (self.before.time <= 0 && self.after.time <= 0) {
      return;
    }
    expressions_.push_back({.row = row, .first = self, .second = own});
  }

  // Where a place itself changed, that comes before what changed through it.
  static auto rank(const Change& itself, const Change& with_others) {
    const bool is_itself = itself.verdict != Verdict::same;
    const bool is_other = with_others.verdict != Verdict::same;
    return std::tuple(is_itself, is_other,
                      is_itself  ? std::abs(itself.difference())
                      : is_other ? std::abs(with_others.difference())
                                 : std::max(itself.before, itself.after));
  }

  void sort() {
    std::ranges::stable_sort(diff_.functions, std::ranges::greater(),
                             [](const FunctionChange& row) { return rank(row.self, row.total); });
    std::ranges::stable_sort(diff_.lines, std::ranges::greater(),
                             [](const LineChange& row) { return rank(row.self, row.total); });
    std::ranges::stable_sort(diff_.expressions, std::ranges::greater(),
                             [](const ExpressionChange& row) { return rank(row.own, row.self); });
  }

  const Run* before_;
  const Run* after_;
  const CodeMatch* match_;
  Lines before_lines_;
  Lines after_lines_;
  std::vector<Compared<FunctionChange>> functions_;
  std::vector<Compared<LineChange>> lines_;
  std::vector<Compared<ExpressionChange>> expressions_;
  std::vector<PlacePair> disjoint_;
  Diff diff_;
};

Verdict first_of(const Change& itself, const Change& with_others) {
  return itself.verdict == Verdict::same ? with_others.verdict : itself.verdict;
}

}  // namespace

Diff diff(const Run& before, const Run& after, const CodeMatch& match, double threshold) {
  return Differ(before, after, match).compare(threshold);
}

Verdict verdict_of(const FunctionChange& row) {
  return first_of(row.self, row.total);
}

Verdict verdict_of(const LineChange& row) {
  return first_of(row.self, row.total);
}

Verdict verdict_of(const ExpressionChange& row) {
  return first_of(row.own, row.self);
}

}  // namespace lancehead::analyze
