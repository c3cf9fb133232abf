#include "record/file_bytes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/unique_fd.h"

namespace lancehead::record {
namespace {

constexpr std::size_t kMaxFile = std::size_t{8} << 30U;
constexpr std::size_t kStep = std::size_t{1} << 20U;

std::unexpected<Error> cannot_read(const std::filesystem::path& path, int error) {
  std::string remedy = "Look at the path and its permissions.";
  if (error == ENOENT || error == ENOTDIR) {
    remedy = "Look at the path; `lancehead run` prints the name of the recording that it wrote.";
  } else if (error == EACCES || error == EPERM) {
    remedy = "A recording belongs to whoever made it; read it as that user.";
  }
  return fail(ErrorKind::io,
              fmt::format("The recording {} cannot be read: {}.", path.string(),
                          std::generic_category().message(error)),
              std::move(remedy));
}

Result<Bytes> read_descriptor(const std::filesystem::path& path, int fd, std::size_t expected) {
  Bytes bytes;
  bytes.reserve(expected);
  while (true) {
    const std::size_t size = bytes.size();
    bytes.resize(size + std::max<std::size_t>(expected - std::min(expected, size), kStep));
    const ssize_t got = ::read(fd, bytes.data() + size, bytes.size() - size);
    const int error = errno;
    bytes.resize(size + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got == 0) {
      return bytes;
    }
    if (got < 0 && error != EINTR) {
      return cannot_read(path, error);
    }
    if (bytes.size() > kMaxFile) {
      return fail(ErrorKind::bad_recording,
                  fmt::format("The file {} is larger than the 8 GiB that a recording may have.",
                              path.string()));
    }
  }
}

}  // namespace

Result<Bytes> read_whole_file(const std::filesystem::path& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  struct stat status{};
  if (!fd || ::fstat(fd.get(), &status) != 0) {
    return cannot_read(path, errno);
  }
  if (S_ISREG(status.st_mode)) {
    const auto size = static_cast<std::size_t>(std::max<off_t>(status.st_size, 0));
    return read_descriptor(path, fd.get(), std::min(size, kMaxFile));
  }
  if (S_ISFIFO(status.st_mode)) {
    return read_descriptor(path, fd.get(), 0);
  }
  return fail(ErrorKind::bad_recording,
              S_ISDIR(status.st_mode)
                  ? fmt::format("{} is a folder, not a recording.", path.string())
                  : fmt::format("{} is a device, not a recording.", path.string()),
              "Name a file that `lancehead run` has written.");
}

}  // namespace lancehead::record
