#include "record/lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

#include "base/unique_fd.h"

namespace lancehead::record {

bool is_being_recorded(const std::filesystem::path& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  return fd && ::flock(fd.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

void lock_recording(int fd) {
  ::flock(fd, LOCK_EX | LOCK_NB);
}

}  // namespace lancehead::record
