// Time by line, and by the expressions inside a line.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "analyze/selection.h"
#include "profile/profile.h"

namespace lancehead::analyze {

// A source range that instructions of the line belong to. Copies that the compiler made of one
// expression (the condition of a loop) have one range and are one row.
struct ExpressionRow {
  profile::Position range;
  std::size_t depth = 0;  // how many rows of the line lie around it
  Share self;             // on it and the expressions inside it, as the top frame
  Share own;              // on exactly this range, as the top frame
  Share total;            // with callees
};

struct LineRow {
  std::vector<profile::FunctionId> functions;  // with instructions here, such as a comprehension
  std::uint32_t line = 0;
  Share self;
  Share total;
  TimeSplit self_split;
  // Outermost first, in the order of the source. Their `self` at depth 0 and `rest` add up to the
  // line's `self`.
  std::vector<ExpressionRow> expressions;
  Share rest;                // of the statement itself, or without columns
  bool has_columns = false;  // whether any instruction of the line says where in it it stands
};

// A function of which compiled traces ran: its samples name the function rightly, but not the line.
struct CompiledFunction {
  profile::FunctionId function;
  Share self;
  // The loops in which its samples lie, as lines of their headers, innermost, by time; empty where
  // the source is not in the recording.
  std::vector<std::uint32_t> loops;
};

struct Lines {
  std::vector<LineRow> rows;               // by self time, largest first
  std::vector<CompiledFunction> compiled;  // these have no rows
};

[[nodiscard]] Lines lines(const profile::Profile& profile, const Selection& selection);

}  // namespace lancehead::analyze
