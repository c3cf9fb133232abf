// Which functions a person asked to see.
#pragma once

#include <optional>
#include <regex>
#include <string>

#include "base/result.h"
#include "profile/profile.h"
#include "show/report_options.h"

namespace lancehead::show {

class FunctionFilter {
 public:
  FunctionFilter() = default;

  // Fails (usage) when the filter is no regular expression, or when no function has the name.
  [[nodiscard]] static Result<FunctionFilter> make(const profile::Profile& profile,
                                                   const ReportOptions& options);

  // By a regular expression alone. Fails (usage) where it is none.
  [[nodiscard]] static Result<FunctionFilter> of_pattern(const std::string& pattern);

  [[nodiscard]] bool is_empty() const { return !pattern_ && name_.empty(); }
  [[nodiscard]] bool shows(const profile::Profile& profile, profile::FunctionId id) const;

 private:
  std::optional<std::regex> pattern_;  // on the function or its file
  std::string name_;                   // of the function, whole or what follows a dot of it
};

}  // namespace lancehead::show
