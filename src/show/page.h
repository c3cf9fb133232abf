// What every section of the report needs: the profile, the question, and the place to write to.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <iterator>
#include <string>

#include "analyze/selection.h"
#include "profile/profile.h"
#include "show/function_filter.h"
#include "show/report_options.h"
#include "show/style.h"
#include "show/terminal.h"

namespace lancehead::show {

struct Page {
  const profile::Profile& profile;
  const analyze::Selection& selection;
  const ReportOptions& options;
  const Terminal& terminal;
  Style style;
  const FunctionFilter& filter;
  std::string text;

  template <typename... Arguments>
  void write(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(text), format, std::forward<Arguments>(arguments)...);
  }

  // An empty line, the heading, and a note at its right side.
  void heading(const std::string& title, const std::string& note = {});

  [[nodiscard]] const char* ellipsis() const { return terminal.unicode ? "…" : "..."; }
  [[nodiscard]] bool shows(profile::FunctionId function) const;
  // Rows to print of `available`.
  [[nodiscard]] std::size_t limit(std::size_t available) const;
  // A remark in whole sentences, wrapped to the width.
  void note(const std::string& sentences);
  void say_hidden(std::size_t shown, std::size_t available, const char* what);
  // "name  file:line", cut so that both fit into `width` columns.
  [[nodiscard]] std::string function_and_place(profile::FunctionId function, std::uint32_t line,
                                               std::size_t width) const;
};

}  // namespace lancehead::show
