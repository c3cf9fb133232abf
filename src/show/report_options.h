// What a person asked of the report.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace lancehead::show {

// `overview` is what stands at the end of a run: a part of everything.
enum class ReportView : std::uint8_t {
  overview,
  function,
  line,
  expression,
  instruction,
  hits,
  thread,
  tree,
  calls
};

// Those of the second line are for calls only, which have the keys of pstats.
enum class SortOrder : std::uint8_t {
  automatic,
  self,
  total,
  cpu,
  waiting,
  blocked,
  name,
  calls,
  pcalls,
  filename,
  line,
  nfl,
  stdname,
};

// Which time the shares are of. `automatic` is wall time where one thread did the work, else the
// time in which threads were not blocked.
enum class ClockChoice : std::uint8_t { automatic, wall, busy, cpu };

inline constexpr std::size_t kDefaultLimit = 10;  // on a terminal; JSON has none

struct ReportOptions {
  ReportView view = ReportView::overview;
  SortOrder sort = SortOrder::automatic;
  ClockChoice clock = ClockChoice::automatic;
  std::optional<std::size_t> limit{};  // rows of each table; 0 is all; none: as the view has it
  std::string filter{};                // regular expression on functions and files; empty is all
  std::string function{};              // its name, or what follows a dot of it; empty is all
  std::string callers{};               // of calls: who called the functions that match
  std::string callees{};               // of calls: whom the functions that match called
  std::string thread{};                // name or kernel id of a thread; empty is all
  bool only_with_gil = false;
};

}  // namespace lancehead::show
