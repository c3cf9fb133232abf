// The samples of a page: those of the recording, or fewer rows that stand for all of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "profile/profile.h"

namespace lancehead::show {

// What the page tells apart (viewer/MODEL.md).
enum class PageState : std::uint8_t { able_to_run, waits_for_gil, blocked, stopped, unknown };

inline constexpr std::int32_t kNoRow = -1;

struct PageSample {
  schema::ContextId thread;
  std::int64_t time = 0;  // ns; the end of the stretch that it stands for
  double wall = 0;        // ns, as all that follow
  double cpu = 0;
  std::int64_t held = 0;
  std::int32_t stack = kNoRow;  // a row of the page's stacks
  schema::ContextId holder;     // of the GIL that was waited for
  std::uint32_t count = 1;
  PageState state = PageState::unknown;
  bool collecting = false;
  bool with_gil = false;
};

struct PageSamples {
  std::vector<PageSample> rows;  // by thread, then by time
  std::int64_t resolution = 0;   // ns; 0 where each row is one sample
};

// At most about `most` rows: where there are more samples, those of one thread that are alike
// within a stretch of time are one row, and stretches are doubled until that suffices. No time and
// no stack is left out. `page_stacks` has the page's row for each stack of the recording.
[[nodiscard]] PageSamples page_samples(const profile::Profile& profile,
                                       std::span<const std::int32_t> page_stacks, std::size_t most);

}  // namespace lancehead::show
