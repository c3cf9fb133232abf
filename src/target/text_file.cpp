#include "target/text_file.h"

#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/unique_fd.h"

namespace lancehead::target {
namespace {

Fault fault_of_errno(int error) {
  switch (error) {
    case ENOENT:
    case ESRCH: return Fault::gone;
    case EACCES:
    case EPERM: return Fault::denied;
    default: return Fault::unmapped;
  }
}

}  // namespace

Faulty<std::string> read_text_file(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) {
    return std::unexpected(fault_of_errno(errno));
  }
  std::string text;
  std::array<char, 16384> block;  // NOLINT: filled by read
  for (;;) {
    const ssize_t count = ::read(file.get(), block.data(), block.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return std::unexpected(fault_of_errno(errno));
    }
    if (count == 0) {
      return text;
    }
    text.append(block.data(), static_cast<std::size_t>(count));
  }
}

Faulty<std::string> read_link(const std::string& path) {
  std::array<char, PATH_MAX> target;  // NOLINT: filled by readlink
  const ssize_t count = ::readlink(path.c_str(), target.data(), target.size());
  if (count < 0) {
    return std::unexpected(fault_of_errno(errno));
  }
  return std::string(target.data(), static_cast<std::size_t>(count));
}

}  // namespace lancehead::target
