// Small files of /proc and /sys, read whole.
#pragma once

#include <string>

#include "base/fault.h"

namespace lancehead::target {

// The whole text of a file. Faults: gone (no such file or process), denied, unmapped (else).
[[nodiscard]] Faulty<std::string> read_text_file(const std::string& path);

// What a symbolic link says, such as /proc/PID/exe.
[[nodiscard]] Faulty<std::string> read_link(const std::string& path);

}  // namespace lancehead::target
