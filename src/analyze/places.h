// The lines and expressions that the frames of a recording stand on, numbered.
#pragma once

#include <cstdint>
#include <vector>

#include "profile/profile.h"

namespace lancehead::analyze {

// All functions of a file that have instructions on the line share it: a comprehension and the
// function that it is written in are one line to a reader.
struct Line {
  std::vector<profile::FunctionId> functions;
  std::uint32_t number = 0;
};

struct Expression {
  std::uint32_t line = 0;  // which of `lines`
  profile::Position range;
  std::size_t depth = 0;
  std::vector<std::uint32_t> around;  // expressions of the line that contain it, and itself
};

inline constexpr std::uint32_t kNoPlace = 0xFFFFFFFF;

struct Places {
  std::vector<Line> lines;
  std::vector<Expression> expressions;             // by line, then in the order of the source
  std::vector<std::uint32_t> line_of_frame;        // kNoPlace where the frame has no line
  std::vector<std::uint32_t> expression_of_frame;  // kNoPlace for the statement itself
  std::vector<bool> has_columns;                   // for each line
};

[[nodiscard]] Places find_places(const profile::Profile& profile);

}  // namespace lancehead::analyze
