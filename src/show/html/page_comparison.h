// What changed between two recordings, as the page takes it (viewer/MODEL.md).
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "show/diff_answer.h"
#include "show/json_parts.h"

namespace lancehead::show {

// The page's numbers of a recording; asking for what has none gives it one.
struct PageIds {
  std::function<std::int32_t(profile::FunctionId)> function;
  std::function<std::int32_t(profile::FunctionId, const profile::Position&)> place;
  std::function<std::int32_t(std::string_view)> file;  // -1 where it has none
  std::function<std::vector<profile::FunctionId>()> functions;
};

// Numbers functions and places of both recordings, so it comes before these are written.
[[nodiscard]] Json comparison_json(const DiffAnswer& answer, const PageIds& before,
                                   const PageIds& after);

}  // namespace lancehead::show
