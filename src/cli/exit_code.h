// The exit codes of `lancehead` itself. `run` exits with the program's own code where it has one.
#pragma once

#include "base/result.h"

namespace lancehead::cli {

inline constexpr int kSuccess = 0;
inline constexpr int kChanged = 1;  // `diff` found what it was told to fail on
inline constexpr int kUsage = 2;
inline constexpr int kCannotObserve = 3;
inline constexpr int kIncomplete = 4;

[[nodiscard]] constexpr int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage: return kUsage;
    case ErrorKind::cannot_observe: return kCannotObserve;
    case ErrorKind::target_gone: return kCannotObserve;
    case ErrorKind::incomplete: return kIncomplete;
    case ErrorKind::bad_recording: return kIncomplete;
    case ErrorKind::io: return kUsage;
  }
  return kIncomplete;
}

}  // namespace lancehead::cli
