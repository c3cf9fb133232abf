// A difference worked out as it was asked for: what its text, its JSON and the page are made of.
#pragma once

#include <memory>

#include "analyze/code_match.h"
#include "analyze/diff.h"
#include "base/result.h"
#include "profile/profile.h"
#include "show/diff_options.h"

namespace lancehead::show {

// Good as long as both profiles.
struct DiffAnswer {
  const profile::Profile& before;
  const profile::Profile& after;
  analyze::Selection before_selection;
  analyze::Selection after_selection;
  analyze::CodeMatch match;
  analyze::Diff diff;  // only the rows that the filter leaves
};

// Fails (usage) where the filter is no regular expression, or where a recording has no such thread.
[[nodiscard]] Result<DiffAnswer> answer_diff(const profile::Profile& before,
                                             const profile::Profile& after,
                                             const DiffOptions& options);

// How many rows of what is shown take more or less time.
struct Findings {
  std::size_t slower = 0;
  std::size_t faster = 0;
};
[[nodiscard]] Findings findings_of(const DiffAnswer& answer);

// "slower", "faster", "mixed" or "same".
[[nodiscard]] const char* verdict_word(const Findings& findings);
[[nodiscard]] const char* verdict_word(analyze::Verdict verdict);

}  // namespace lancehead::show
