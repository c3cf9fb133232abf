#include "show/function_filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "analyze/functions.h"
#include "analyze/selection.h"
#include "show/text.h"

namespace lancehead::show {
namespace {

using profile::Function;
using profile::Profile;

bool is_named(const Function& function, std::string_view name) {
  return function.name == name ||
         (function.name.size() > name.size() && function.name.ends_with(name) &&
          function.name[function.name.size() - name.size() - 1] == '.');
}

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

// What may have been meant: functions whose name has the text in it, else the hottest.
std::string some_functions(const Profile& profile, std::string_view wanted) {
  constexpr std::size_t kMost = 5;
  std::vector<std::string> similar;
  std::vector<std::string> hottest;
  for (const auto& row : analyze::functions(profile, analyze::select(profile, {}))) {
    const std::string name = escape(profile.function(row.function).name);
    const bool is_similar = in_lower_case(name).find(in_lower_case(wanted)) != std::string::npos;
    auto& names = is_similar ? similar : hottest;
    if (names.size() < kMost && std::ranges::find(names, name) == names.end()) {
      names.push_back(name);
    }
  }
  return fmt::format("{}", fmt::join(similar.empty() ? hottest : similar, ", "));
}

Result<std::optional<std::regex>> compile(const std::string& filter) {
  if (filter.empty()) {
    return std::nullopt;
  }
  try {
    return std::regex(filter, std::regex::ECMAScript | std::regex::optimize);
  } catch (const std::regex_error&) {
    return fail(ErrorKind::usage, fmt::format("`{}` is no regular expression.", filter),
                "Put a backslash before characters such as ( [ * + that are meant as such.");
  }
}

bool matches(const std::regex& pattern, std::string_view text) {
  // The matcher of the standard library recurses with the length of the text.
  constexpr std::size_t kLongestMatched = 4096;
  return std::regex_search(std::string(text.substr(0, kLongestMatched)), pattern);
}

}  // namespace

Result<FunctionFilter> FunctionFilter::make(const Profile& profile, const ReportOptions& options) {
  auto pattern = compile(options.filter);
  if (!pattern) {
    return std::unexpected(pattern.error());
  }
  const bool is_there = std::ranges::any_of(profile.functions(), [&](const Function& function) {
    return is_named(function, options.function);
  });
  if (!options.function.empty() && !is_there) {
    return fail(ErrorKind::usage,
                fmt::format("The recording has no function `{}`.", options.function),
                fmt::format("It has functions such as {}. --filter takes a part of a name.",
                            some_functions(profile, options.function)));
  }
  FunctionFilter filter;
  filter.pattern_ = std::move(*pattern);
  filter.name_ = options.function;
  return filter;
}

Result<FunctionFilter> FunctionFilter::of_pattern(const std::string& pattern) {
  auto compiled = compile(pattern);
  if (!compiled) {
    return std::unexpected(compiled.error());
  }
  FunctionFilter filter;
  filter.pattern_ = std::move(*compiled);
  return filter;
}

bool FunctionFilter::shows(const Profile& profile, profile::FunctionId id) const {
  if (is_empty()) {
    return true;
  }
  if (id.is_none()) {
    return false;
  }
  const Function& function = profile.function(id);
  return (name_.empty() || is_named(function, name_)) &&
         (!pattern_ || matches(*pattern_, function.name) || matches(*pattern_, function.file));
}

}  // namespace lancehead::show
