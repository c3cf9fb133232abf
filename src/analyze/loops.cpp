#include "analyze/loops.h"

#include <string_view>

namespace lancehead::analyze {
namespace {

bool is_loop_header(std::string_view text) {
  constexpr std::string_view kAsync = "async ";
  if (text.starts_with(kAsync)) {
    text.remove_prefix(kAsync.size());
  }
  return text.starts_with("for ") || text.starts_with("while ") || text.starts_with("while(") ||
         text.starts_with("for(");
}

}  // namespace

std::optional<std::uint32_t> enclosing_loop(const profile::Profile& profile,
                                            schema::FrameId frame) {
  const profile::FunctionId id = profile.function_of(frame);
  if (id.is_none()) {
    return std::nullopt;
  }
  const profile::Function& function = profile.function(id);
  std::size_t inside = std::string_view::npos;  // headers around must be indented less than this
  for (std::uint32_t line = profile.position_of(frame).line; line > function.first_line; --line) {
    const auto text = profile.source_line(function.source, line);
    if (!text) {
      return std::nullopt;
    }
    const std::size_t indent = text->find_first_not_of(" \t\f");
    if (indent == std::string_view::npos || (*text)[indent] == '#' || indent >= inside) {
      continue;
    }
    if (is_loop_header(text->substr(indent))) {
      return line;
    }
    inside = indent;
  }
  return std::nullopt;
}

}  // namespace lancehead::analyze
