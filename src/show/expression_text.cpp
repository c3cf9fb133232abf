#include "show/expression_text.h"

#include <algorithm>

namespace lancehead::show {

std::string_view expression_text(const profile::Profile& profile, profile::FunctionId function,
                                 const profile::Position& range) {
  if (function.is_none() || !range.has_columns()) {
    return {};
  }
  const auto line = profile.source_line(profile.function(function).source, range.line);
  if (!line) {
    return {};
  }
  const std::size_t begin = std::min<std::size_t>(range.column, line->size());
  const std::size_t end = range.end_line == range.line
                              ? std::min<std::size_t>(range.end_column, line->size())
                              : line->size();
  return begin < end ? line->substr(begin, end - begin) : std::string_view();
}

}  // namespace lancehead::show
