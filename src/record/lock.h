// Whoever records into a file holds its lock.
#pragma once

#include <filesystem>

namespace lancehead::record {

// False, too, where the file cannot be opened, or its file system has no locks.
[[nodiscard]] bool is_being_recorded(const std::filesystem::path& path);

// Takes the lock of a file that was just made, as far as its file system has locks.
void lock_recording(int fd);

}  // namespace lancehead::record
