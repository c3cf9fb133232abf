#include "target/mapped_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <array>

namespace lancehead::target {
namespace {

// Overlay and btrfs file systems show another device in `maps` than stat(2) does, so the inode
// decides alone on the second round.
enum class Match { device_and_inode, inode };

bool matches(int file, const Mapping& mapping, Match how) {
  struct stat status{};
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
    return false;
  }
  return status.st_ino == mapping.inode && (how == Match::inode || status.st_dev == mapping.device);
}

}  // namespace

UniqueFd open_mapped_file(pid_t pid, const Mapping& mapping) {
  if (mapping.inode == 0) {
    return {};
  }
  const std::array paths = {
      fmt::format("/proc/{}/map_files/{:x}-{:x}", pid, mapping.start.value, mapping.end.value),
      fmt::format("/proc/{}/root{}", pid, mapping.path),
      mapping.path,
      fmt::format("/proc/{}/exe", pid),
  };
  for (const Match how : {Match::device_and_inode, Match::inode}) {
    for (const std::string& path : paths) {
      // O_NONBLOCK: the path may lead to a fifo by now.
      UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
      if (file && matches(file.get(), mapping, how)) {
        return file;
      }
    }
  }
  return {};
}

}  // namespace lancehead::target
