// Reads a file into memory, with sentences for what can go wrong.
#pragma once

#include <filesystem>

#include "base/bytes.h"
#include "base/result.h"

namespace lancehead::record {

// A regular file or a pipe, of at most 8 GiB; a file that grows meanwhile is read as far as it was.
[[nodiscard]] Result<Bytes> read_whole_file(const std::filesystem::path& path);

}  // namespace lancehead::record
