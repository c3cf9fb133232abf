// What the interactive page is given: recordings as one JSON object (viewer/MODEL.md).
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"
#include "profile/profile.h"

namespace lancehead::show {

inline constexpr int kPageVersion = 1;
inline constexpr std::size_t kMostPageSamples = 250'000;

struct PageSource {
  const profile::Profile& profile;
  std::string name;  // the recording's file name
  bool growing = false;
  std::size_t most_samples = kMostPageSamples;
};

[[nodiscard]] Result<std::string> page_model(const PageSource& source);
// Of two recordings and what changed between them.
[[nodiscard]] Result<std::string> page_model(const PageSource& before, const PageSource& after);

}  // namespace lancehead::show
