// `lancehead view`, and `lancehead report --html`: the interactive page of a recording.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "cli/options.h"
#include "cli/verb.h"
#include "profile/profile.h"

namespace lancehead::cli {

[[nodiscard]] int view(std::span<const Verb> verbs, const Options& options);

// The page of a recording, whole, in a file.
[[nodiscard]] Result<void> write_page(const profile::Profile& profile, const std::string& recording,
                                      const std::string& path, bool force);

}  // namespace lancehead::cli
