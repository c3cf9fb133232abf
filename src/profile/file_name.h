// The part of a file's path that is the same on every machine.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "profile/profile.h"

namespace lancehead::profile {

// Where the program was started, and where its script lies.
[[nodiscard]] std::vector<std::string_view> program_folders(const Profile& profile);

// What follows the folder that packages are installed in, or that an interpreter has its library
// in; nothing for other paths.
[[nodiscard]] std::optional<std::string_view> installed_path(std::string_view path);

// installed_path(), else what is below the first of the program's folders that holds the file.
[[nodiscard]] std::string_view short_path(std::string_view path,
                                          std::span<const std::string_view> folders);

}  // namespace lancehead::profile
