#include "show/call_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <tuple>

namespace lancehead::show {
namespace {

using analyze::CalledFunction;

// The name that pstats would have: that of the function without what it is defined in.
std::string_view last_part(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || name.ends_with('>') ? name : name.substr(dot + 1);
}

}  // namespace

std::string call_label(const profile::Profile& profile, profile::FunctionId function) {
  if (function.is_none()) {
    return "(not called by Python code)";
  }
  const profile::Function& info = profile.function(function);
  if (info.file.empty()) {
    const bool bracketed = info.name.starts_with('<') && info.name.ends_with('>');
    return bracketed ? fmt::format("{{{}}}", info.name.substr(1, info.name.size() - 2))
                     : std::string(info.name);
  }
  return fmt::format("{}:{}({})", info.file, info.first_line, info.name);
}

const char* order_name(SortOrder order) {
  switch (order) {
    case SortOrder::calls: return "call count";
    case SortOrder::pcalls: return "primitive call count";
    case SortOrder::total: return "cumulative time";
    case SortOrder::filename: return "file name";
    case SortOrder::line: return "line number";
    case SortOrder::name: return "function name";
    case SortOrder::nfl: return "name/file/line";
    case SortOrder::stdname: return "standard name";
    default: return "internal time";
  }
}

void sort_calls(const profile::Profile& profile, SortOrder order,
                std::vector<CalledFunction>& rows) {
  const auto down = [&rows](auto value) {
    std::ranges::stable_sort(rows, std::ranges::greater(), value);
  };
  const auto up = [&rows](auto value) { std::ranges::stable_sort(rows, {}, value); };
  const auto info = [&profile](const CalledFunction& row) -> const profile::Function& {
    return profile.function(row.function);
  };
  switch (order) {
    case SortOrder::calls: return down([](const auto& row) { return row.sums.calls; });
    case SortOrder::pcalls: return down([](const auto& row) { return row.sums.primitive; });
    case SortOrder::total: return down([](const auto& row) { return row.sums.total_corrected; });
    case SortOrder::filename: return up([&](const auto& row) { return info(row).file; });
    case SortOrder::line: return up([&](const auto& row) { return info(row).first_line; });
    case SortOrder::name: return up([&](const auto& row) { return last_part(info(row).name); });
    case SortOrder::nfl:
      return up([&](const auto& row) {
        return std::tuple(last_part(info(row).name), info(row).file, info(row).first_line);
      });
    case SortOrder::stdname:
      return up([&](const auto& row) { return call_label(profile, row.function); });
    default: return down([](const auto& row) { return row.sums.self_corrected; });
  }
}

}  // namespace lancehead::show
