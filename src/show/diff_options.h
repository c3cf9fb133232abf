// What a person asked of a difference.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "show/report_options.h"

namespace lancehead::show {

enum class DiffView : std::uint8_t { all, function, line, expression };

struct DiffOptions {
  DiffView view = DiffView::all;
  ClockChoice clock = ClockChoice::automatic;
  std::optional<std::size_t> limit{};  // rows of each table; 0 is all; none: as the view has it
  std::string filter{};                // regular expression on functions and files; empty is all
  std::string thread{};                // name or kernel id of a thread; empty is all
  double threshold = 0.01;             // the least change that is told, as a share of all time
};

}  // namespace lancehead::show
