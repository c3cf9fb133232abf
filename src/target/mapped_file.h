// Opens the very file that a mapping of a process shows, also across mount namespaces and chroots.
#pragma once

#include <sys/types.h>

#include "base/unique_fd.h"
#include "target/maps.h"

namespace lancehead::target {

// An empty descriptor where no path leads to the mapped file any more (deleted, or not visible).
[[nodiscard]] UniqueFd open_mapped_file(pid_t pid, const Mapping& mapping);

}  // namespace lancehead::target
