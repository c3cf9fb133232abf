#include "show/diff_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "show/expression_text.h"
#include "show/names.h"
#include "show/text.h"

namespace lancehead::show {
namespace {

using analyze::LineRef;
using analyze::Verdict;
using profile::FunctionId;
using profile::Profile;

// A row is named as the second recording has it; what is gone, as the first has it.
struct Named {
  const Profile& profile;
  LineRef line;
};

Named named(const DiffAnswer& answer, const LineRef& before, const LineRef& after) {
  return after.function.is_none() ? Named{answer.before, before} : Named{answer.after, after};
}

std::string source_text(const Named& row) {
  const auto line =
      row.profile.source_line(row.profile.function(row.line.function).source, row.line.line);
  const std::size_t begin = line ? line->find_first_not_of(" \t\f") : std::string_view::npos;
  return begin == std::string_view::npos
             ? fmt::format("(in {})", function_name(row.profile, row.line.function))
             : escape_source(line->substr(begin));
}

DiffRow line_row(const Named& row) {
  return {.text = source_text(row),
          .place = place_name(row.profile, row.line.function, row.line.line),
          .note = {},
          .place_first = true,
          .change = {}};
}

// The line as a key.
auto line_key(const analyze::ExpressionChange& row) {
  return std::tuple(row.before_line.function, row.before_line.line, row.after_line.function,
                    row.after_line.line);
}

std::string expression_name(const DiffAnswer& answer, const analyze::ExpressionChange& row) {
  const Named place = named(answer, row.before_line, row.after_line);
  if (row.is_statement()) {
    return source_text(place);
  }
  const profile::Position& range =
      row.after_line.function.is_none() || !row.after ? *row.before : *row.after;
  // Where the line is there and the expression is gone, its text is in the first recording.
  const Named text = row.after ? place : Named{answer.before, row.before_line};
  const auto found = expression_text(text.profile, text.line.function, range);
  return found.empty() ? fmt::format("columns {} to {}", range.column, range.end_column)
                       : escape_source(found);
}

}  // namespace

std::string DiffRow::short_name() const {
  return place.empty() ? text : fmt::format("{}  {}", place, text);
}

std::vector<DiffRow> function_rows(const DiffAnswer& answer) {
  std::vector<DiffRow> rows;
  for (const analyze::FunctionChange& row : answer.diff.functions) {
    const bool is_gone = row.after.is_none();
    const Profile& profile = is_gone ? answer.before : answer.after;
    const FunctionId id = is_gone ? row.before : row.after;
    const bool by_total = row.self.verdict == Verdict::same && row.total.verdict != Verdict::same;
    rows.push_back({.text = function_name(profile, id),
                    .place = place_name(profile, id, profile.function(id).first_line),
                    .note = by_total ? "with callees" : "",
                    .place_first = false,
                    .change = by_total ? row.total : row.self,
                    .verdict = analyze::verdict_of(row)});
  }
  return rows;
}

std::vector<DiffRow> line_rows(const DiffAnswer& answer) {
  std::vector<DiffRow> rows;
  for (const analyze::LineChange& row : answer.diff.lines) {
    const bool by_total = row.self.verdict == Verdict::same && row.total.verdict != Verdict::same;
    DiffRow shown = line_row(named(answer, row.before, row.after));
    shown.note = by_total ? "with callees" : "";
    shown.change = by_total ? row.total : row.self;
    shown.verdict = analyze::verdict_of(row);
    rows.push_back(std::move(shown));
  }
  return rows;
}

std::vector<DiffRow> expression_rows(const DiffAnswer& answer, bool only_innermost) {
  std::set<decltype(line_key(analyze::ExpressionChange()))> explained;
  for (const analyze::ExpressionChange& row : answer.diff.expressions) {
    if (row.own.verdict != Verdict::same) {
      explained.insert(line_key(row));
    }
  }
  std::vector<DiffRow> rows;
  for (const analyze::ExpressionChange& row : answer.diff.expressions) {
    const bool by_self = row.own.verdict == Verdict::same && row.self.verdict != Verdict::same;
    if (only_innermost && by_self && explained.contains(line_key(row))) {
      continue;
    }
    DiffRow shown = line_row(named(answer, row.before_line, row.after_line));
    shown.text = expression_name(answer, row);
    shown.note = by_self ? "inner, too" : row.is_statement() ? "itself" : "";
    shown.change = by_self ? row.self : row.own;
    shown.verdict = analyze::verdict_of(row);
    rows.push_back(std::move(shown));
  }
  return rows;
}

DiffRow first_finding(const DiffAnswer& answer) {
  for (const auto& rows :
       {expression_rows(answer, true), line_rows(answer), function_rows(answer)}) {
    const auto found =
        std::ranges::find_if(rows, [](const DiffRow& row) { return row.verdict != Verdict::same; });
    if (found != rows.end()) {
      return *found;
    }
  }
  return {};
}

}  // namespace lancehead::show
