// Exact counts of a recording whose recorder has not written them: it was killed, or goes on still.
#pragma once

#include <filesystem>

#include "base/result.h"
#include "code/python_version.h"
#include "schema/tables.h"

namespace lancehead::sense {

// Where agents leave what they count while `recording` grows.
[[nodiscard]] std::filesystem::path live_folder(std::filesystem::path recording);

struct RecoveredCounts {
  schema::Tables tables;  // of their own, without a session
  code::PythonVersion version;
};

// The counts and calls up to now, with the code that they are of. Errors: io.
[[nodiscard]] Result<RecoveredCounts> recover_counts(const std::filesystem::path& live);

}  // namespace lancehead::sense
