#include "show/html/page_comparison.h"

#include "show/html/page_samples.h"

namespace lancehead::show {
namespace {

using analyze::Change;
using analyze::LineRef;
using profile::FunctionId;
using profile::Position;

std::int32_t line_place(const PageIds& ids, const LineRef& line) {
  return line.function.is_none()
             ? kNoRow
             : ids.place(line.function, {.line = line.line, .end_line = line.line});
}

std::int32_t expression_place(const PageIds& ids, const LineRef& line,
                              const std::optional<Position>& range) {
  return line.function.is_none() || !range ? kNoRow : ids.place(line.function, *range);
}

Json change_json(const char* kind, std::int32_t before, std::int32_t after, const Change& change) {
  return {{"kind", kind},
          {"a", before},
          {"b", after},
          {"before_ns", time_json(change.before)},
          {"after_ns", time_json(change.after)},
          {"low_ns", time_json(change.low)},
          {"high_ns", time_json(change.high)},
          {"verdict", verdict_word(change.verdict)}};
}

Json changes_json(const DiffAnswer& answer, const PageIds& before, const PageIds& after) {
  Json rows = Json::array();
  for (const auto& row : answer.diff.functions) {
    rows.push_back(
        change_json("function", before.function(row.before), after.function(row.after), row.self));
  }
  for (const auto& row : answer.diff.lines) {
    rows.push_back(change_json("line", line_place(before, row.before), line_place(after, row.after),
                               row.self));
  }
  for (const auto& row : answer.diff.expressions) {
    if (!row.is_statement()) {
      rows.push_back(change_json("expression",
                                 expression_place(before, row.before_line, row.before),
                                 expression_place(after, row.after_line, row.after), row.own));
    }
  }
  return rows;
}

// Lines that follow each other in both files, and are the same, are one run.
Json runs_json(const std::vector<analyze::LinePair>& lines) {
  Json runs = Json::array();
  std::uint32_t length = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].is_same) {
      continue;
    }
    ++length;
    const bool goes_on = i + 1 < lines.size() && lines[i + 1].is_same &&
                         lines[i + 1].after == lines[i].after + 1 &&
                         lines[i + 1].before == lines[i].before + 1;
    if (!goes_on) {
      runs.push_back({lines[i].after - length + 1, lines[i].before - length + 1, length});
      length = 0;
    }
  }
  return runs;
}

Json lines_json(const DiffAnswer& answer, const PageIds& before, const PageIds& after) {
  Json rows = Json::array();
  for (const analyze::FileMatch& file : answer.match.files()) {
    const std::int32_t number = after.file(file.after);
    const std::int32_t other = before.file(file.before);
    if (number != kNoRow && other != kNoRow && file.has_text) {
      rows.push_back({{"file", number}, {"other", other}, {"runs", runs_json(file.lines)}});
    }
  }
  return rows;
}

}  // namespace

Json comparison_json(const DiffAnswer& answer, const PageIds& before, const PageIds& after) {
  Json changes = changes_json(answer, before, after);
  Json functions = Json::array();
  for (const FunctionId id : after.functions()) {
    functions.push_back(before.function(answer.match.before_of(id)));
  }
  return {{"functions", std::move(functions)},
          {"lines", lines_json(answer, before, after)},
          {"changes", std::move(changes)},
          {"clock", clock_name(answer.before_selection.clock)},
          {"speed", answer.diff.runs.speeds.front().factor},
          {"verdict", verdict_word(findings_of(answer))}};
}

}  // namespace lancehead::show
