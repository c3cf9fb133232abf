#include "sense/recover_counts.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <system_error>
#include <utility>

#include "record/reader.h"
#include "record/writer.h"
#include "sense/call_rows.h"
#include "sense/capture_log.h"
#include "sense/count_sensor.h"

namespace lancehead::sense {
namespace {

// A file that goes away with its user.
class ScratchFile {
 public:
  ScratchFile() {
    std::error_code error;
    std::string name = (std::filesystem::temp_directory_path(error) / "lancehead-XXXXXX").string();
    const int fd = ::mkstemp(name.data());
    if (fd >= 0) {
      ::close(fd);
      path_ = name;
    }
  }
  ~ScratchFile() {
    if (!path_.empty()) {
      ::unlink(path_.c_str());
    }
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace

std::filesystem::path live_folder(std::filesystem::path recording) {
  recording += ".live";
  return recording;
}

Result<RecoveredCounts> recover_counts(const std::filesystem::path& live) {
  auto sensor = CountSensor::open(live);
  if (!sensor) {
    return std::unexpected(sensor.error());
  }
  const ScratchFile file;
  auto writer = record::Writer::create(file.path(), {.force = true});
  if (!writer) {
    return std::unexpected(writer.error());
  }
  CaptureLog log(**writer, monotonic_now());
  const SourceFiles sources(::getpid(), true, {});
  sensor->poll();
  const code::PythonVersion version = sensor->python_version();
  sensor->announce(log, schema::SessionId(), version, sources);
  sensor->write(log, version, {});
  write_calls(log, sensor->share(), sensor->codes(), schema::ContextId(), log.now());
  if (const auto finished = (*writer)->finish(); !finished) {
    return std::unexpected(finished.error());
  }
  auto recovered = record::read(file.path());
  if (!recovered) {
    return std::unexpected(recovered.error());
  }
  return RecoveredCounts{std::move(recovered->tables), version};
}

}  // namespace lancehead::sense
