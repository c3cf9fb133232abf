#include "sense/source_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/unique_fd.h"

namespace lancehead::sense {
namespace {

// A longer file is no program that a person reads.
constexpr std::size_t kMostSourceBytes = 8U << 20U;

bool is_pseudo_name(const std::string& filename) {
  return filename.empty() || (filename.front() == '<' && filename.back() == '>');
}

std::string path_seen_from_here(pid_t process, const std::string& filename) {
  return filename.front() == '/' ? fmt::format("/proc/{}/root{}", process, filename)
                                 : fmt::format("/proc/{}/cwd/{}", process, filename);
}

bool read_all(int file, std::size_t size, std::string& text) {
  text.resize(size);
  std::size_t at = 0;
  while (at < size) {
    const ssize_t count = ::read(file, text.data() + at, size - at);
    if (count <= 0) {
      break;
    }
    at += static_cast<std::size_t>(count);
  }
  text.resize(at);
  return at == size;
}

}  // namespace

void SourceFiles::remember_folders() {
  constexpr int kFolder = O_PATH | O_DIRECTORY | O_CLOEXEC;
  root_.reset(::open(fmt::format("/proc/{}/root", process_).c_str(), kFolder));
  directory_.reset(::open(fmt::format("/proc/{}/cwd", process_).c_str(), kFolder));
}

// O_NONBLOCK: whatever stands at that path, opening it must not wait.
UniqueFd SourceFiles::open_file(const std::string& filename) const {
  constexpr int kHow = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  UniqueFd file(::open(path_seen_from_here(process_, filename).c_str(), kHow));
  if (file) {
    return file;
  }
  const bool absolute = filename.front() == '/';
  open_how how{};
  how.flags = kHow;
  how.resolve = absolute ? RESOLVE_IN_ROOT : 0;  // links, too, are the target's
  return UniqueFd(static_cast<int>(::syscall(SYS_openat2, absolute ? root_.get() : directory_.get(),
                                             filename.c_str(), &how, sizeof how)));
}

SourceText SourceFiles::read(const std::string& filename) const {
  SourceText source;
  if (is_pseudo_name(filename)) {
    const bool is_command = filename == "<string>" && !command_code_.empty();
    source.status = is_command ? schema::SourceStatus::kept : schema::SourceStatus::not_a_file;
    source.text = is_command && keep_ ? command_code_ : std::string();
    return source;
  }
  if (!keep_) {
    source.status = schema::SourceStatus::left_out;
    return source;
  }
  const UniqueFd file = open_file(filename);
  struct stat status{};
  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) ||
      static_cast<std::size_t>(status.st_size) > kMostSourceBytes) {
    return source;
  }
  source.modified = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
  if (read_all(file.get(), static_cast<std::size_t>(status.st_size), source.text)) {
    source.status = schema::SourceStatus::kept;
  } else {
    source.text.clear();
  }
  return source;
}

}  // namespace lancehead::sense
