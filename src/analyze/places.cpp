#include "analyze/places.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace lancehead::analyze {
namespace {

using profile::FunctionId;
using profile::Position;
using profile::Profile;
using schema::FrameId;

constexpr std::size_t kDeepestNesting = 100;

bool contains(const Position& outer, const Position& inner) {
  return std::pair(outer.line, outer.column) <= std::pair(inner.line, inner.column) &&
         std::pair(inner.end_line, inner.end_column) <= std::pair(outer.end_line, outer.end_column);
}

// What is left of a line without blanks, a comment that follows it, and the colon of a header. A
// `#` inside a string is taken for a comment, which only makes an expression of a statement.
std::pair<std::size_t, std::size_t> statement_bounds(std::string_view line) {
  const std::size_t begin = std::min(line.find_first_not_of(" \t\f"), line.size());
  std::size_t end = std::min(line.find('#', begin), line.size());
  while (end > begin && (line[end - 1] == ' ' || line[end - 1] == '\t')) {
    --end;
  }
  return {begin, end};
}

// Whether the range is that of the whole statement: its instructions are the statement's own work,
// such as a store, a return or the jump of a loop.
bool is_statement(const Profile& profile, const profile::Function& function,
                  const Position& range) {
  if (!range.has_columns()) {
    return true;
  }
  const auto line = profile.source_line(function.source, range.line);
  if (!line) {
    return range.end_line != range.line;
  }
  const auto [begin, end] = statement_bounds(*line);
  return range.column <= begin && (range.end_line != range.line || range.end_column >= end);
}

class Finder {
 public:
  explicit Finder(const Profile& profile) : profile_(&profile) {}

  Places find() {
    const std::size_t count = profile_->tables().frames.size();
    places_.line_of_frame.assign(count, kNoPlace);
    places_.expression_of_frame.assign(count, kNoPlace);
    for (std::size_t row = 0; row < count; ++row) {
      note_frame(FrameId(row));
    }
    number_expressions();
    nest_expressions();
    return std::move(places_);
  }

 private:
  using RangeKey = std::pair<std::uint32_t, Position>;  // line, range

  void note_frame(FrameId frame) {
    const FunctionId function = profile_->function_of(frame);
    const Position& position = profile_->position_of(frame);
    if (function.is_none() || !position.has_line()) {
      return;
    }
    const std::uint32_t line = line_number(function, position.line);
    places_.line_of_frame[frame.row()] = line;
    places_.has_columns[line] = places_.has_columns[line] || position.has_columns();
    if (!is_statement(*profile_, profile_->function(function), position)) {
      frames_of_range_[{line, position}].push_back(frame);
    }
  }

  std::uint32_t line_number(FunctionId function, std::uint32_t number) {
    const auto [entry, is_new] =
        lines_.try_emplace({profile_->function(function).file, number},
                           static_cast<std::uint32_t>(places_.lines.size()));
    if (is_new) {
      places_.lines.push_back({.functions = {}, .number = number});
      places_.has_columns.push_back(false);
    }
    auto& functions = places_.lines[entry->second].functions;
    if (std::ranges::find(functions, function) == functions.end()) {
      functions.push_back(function);
    }
    return entry->second;
  }

  void number_expressions() {
    std::vector<const std::pair<const RangeKey, std::vector<FrameId>>*> ranges;
    for (const auto& range : frames_of_range_) {
      ranges.push_back(&range);
    }
    // An outer range comes before what it contains: it begins earlier or ends later.
    std::ranges::sort(ranges, [](const auto* a, const auto* b) {
      const auto order = [](const RangeKey& key) {
        return std::tuple(key.first, key.second.column, -std::int64_t{key.second.end_line},
                          -std::int64_t{key.second.end_column});
      };
      return order(a->first) < order(b->first);
    });
    for (const auto* range : ranges) {
      for (const FrameId frame : range->second) {
        places_.expression_of_frame[frame.row()] =
            static_cast<std::uint32_t>(places_.expressions.size());
      }
      places_.expressions.push_back(
          {.line = range->first.first, .range = range->first.second, .depth = 0, .around = {}});
    }
  }

  // Ranges of syntax lie one inside the other, so a stack of the open ones is enough. A damaged
  // recording may hold ranges that overlap or nest without end; they lose some that are around.
  void nest_expressions() {
    std::vector<std::uint32_t> open;
    auto& expressions = places_.expressions;
    for (std::uint32_t i = 0; i < expressions.size(); ++i) {
      const auto is_around = [&](std::uint32_t outer) {
        return expressions[outer].line == expressions[i].line &&
               contains(expressions[outer].range, expressions[i].range);
      };
      while (!open.empty() && (open.size() >= kDeepestNesting || !is_around(open.back()))) {
        open.pop_back();
      }
      expressions[i].depth = open.size();
      open.push_back(i);
      expressions[i].around = open;
    }
  }

  const Profile* profile_;
  Places places_;
  std::map<std::pair<std::string_view, std::uint32_t>, std::uint32_t> lines_;
  std::map<RangeKey, std::vector<FrameId>> frames_of_range_;
};

}  // namespace

Places find_places(const Profile& profile) {
  return Finder(profile).find();
}

}  // namespace lancehead::analyze
