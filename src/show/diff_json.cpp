#include "show/diff_json.h"

#include <cmath>

#include "show/json_parts.h"

namespace lancehead::show {
namespace {

using analyze::Change;
using analyze::LineRef;
using profile::Position;
using profile::Profile;

Json change_json(const Change& change) {
  return {{"before_ns", time_json(change.before)},
          {"after_ns", time_json(change.after)},
          {"difference_ns", time_json(change.difference())},
          {"low_ns", time_json(change.low)},
          {"high_ns", time_json(change.high)},
          {"verdict", verdict_word(change.verdict)}};
}

Json line_json(const Profile& profile, const LineRef& line) {
  if (line.function.is_none()) {
    return nullptr;
  }
  const profile::Function& function = profile.function(line.function);
  const auto source = profile.source_line(function.source, line.line);
  return {{"file", function.file},
          {"line", line.line},
          {"source", source ? Json(*source) : Json(nullptr)},
          {"function", function_json(profile, line.function)}};
}

Json expression_json(const Profile& profile, const LineRef& line,
                     const std::optional<Position>& range) {
  if (line.function.is_none() || !range) {
    return nullptr;
  }
  Json json = line_json(profile, line);
  const bool has_columns = range->has_columns();
  json["column"] = has_columns ? Json(range->column) : Json(nullptr);
  json["end_line"] = has_columns ? Json(range->end_line) : Json(nullptr);
  json["end_column"] = has_columns ? Json(range->end_column) : Json(nullptr);
  return json;
}

class Writer {
 public:
  Writer(const DiffAnswer& answer, const DiffOptions& options)
      : answer_(&answer), options_(&options) {}

  Json write() const {
    const analyze::Diff& diff = answer_->diff;
    const Findings findings = findings_of(*answer_);
    Json json = {{"format", "lancehead-diff"},
                 {"version", kDiffJsonVersion},
                 {"before", run_json(answer_->before, diff.before)},
                 {"after", run_json(answer_->after, diff.after)},
                 {"clock", clock_name(answer_->before_selection.clock)},
                 {"threshold", options_->threshold},
                 {"speed", speed_json()},
                 {"noise", diff.runs.noise},
                 {"matched_share", diff.matched},
                 {"comparisons", diff.comparisons},
                 {"detectable", diff.detectable},
                 {"verdict", verdict_word(findings)},
                 {"slower", findings.slower},
                 {"faster", findings.faster}};
    const DiffView view = options_->view;
    if (view == DiffView::all || view == DiffView::function) {
      json["functions"] = functions();
    }
    if (view == DiffView::all || view == DiffView::line) {
      json["lines"] = lines();
    }
    if (view == DiffView::all || view == DiffView::expression) {
      json["expressions"] = expressions();
    }
    return json;
  }

 private:
  static Json run_json(const Profile& profile, const analyze::RunTime& run) {
    return {{"summary", summary_json(profile)},
            {"total_ns", time_json(run.total)},
            {"unseen_share", run.unseen}};
  }

  [[nodiscard]] Json speed_json() const {
    Json rows = Json::array();
    for (const analyze::Speed& speed : answer_->diff.runs.speeds) {
      rows.push_back({{"factor", speed.factor},
                      {"low", speed.factor * std::exp(-2 * speed.deviation)},
                      {"high", speed.factor * std::exp(2 * speed.deviation)}});
    }
    return rows;
  }

  [[nodiscard]] bool is_full(const Json& rows) const {
    const std::size_t most = options_->limit.value_or(0);
    return most != 0 && rows.size() >= most;
  }

  [[nodiscard]] Json functions() const {
    Json rows = Json::array();
    for (const analyze::FunctionChange& row : answer_->diff.functions) {
      if (is_full(rows)) {
        break;
      }
      rows.push_back({{"before", function_json(answer_->before, row.before)},
                      {"after", function_json(answer_->after, row.after)},
                      {"verdict", verdict_word(analyze::verdict_of(row))},
                      {"self", change_json(row.self)},
                      {"total", change_json(row.total)}});
    }
    return rows;
  }

  [[nodiscard]] Json lines() const {
    Json rows = Json::array();
    for (const analyze::LineChange& row : answer_->diff.lines) {
      if (is_full(rows)) {
        break;
      }
      rows.push_back({{"before", line_json(answer_->before, row.before)},
                      {"after", line_json(answer_->after, row.after)},
                      {"verdict", verdict_word(analyze::verdict_of(row))},
                      {"self", change_json(row.self)},
                      {"total", change_json(row.total)}});
    }
    return rows;
  }

  [[nodiscard]] Json expressions() const {
    Json rows = Json::array();
    for (const analyze::ExpressionChange& row : answer_->diff.expressions) {
      if (is_full(rows)) {
        break;
      }
      rows.push_back({{"before", expression_json(answer_->before, row.before_line, row.before)},
                      {"after", expression_json(answer_->after, row.after_line, row.after)},
                      {"verdict", verdict_word(analyze::verdict_of(row))},
                      {"self", change_json(row.self)},
                      {"own", change_json(row.own)}});
    }
    return rows;
  }

  const DiffAnswer* answer_;
  const DiffOptions* options_;
};

}  // namespace

std::string render_diff_json(const DiffAnswer& answer, const DiffOptions& options) {
  // Names may hold bytes that are no UTF-8, which JSON cannot; they become U+FFFD.
  return Writer(answer, options).write().dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace lancehead::show
