#include "cli/read_profile.h"

#include <array>
#include <system_error>
#include <utility>

#include "profile/merge.h"
#include "record/lock.h"
#include "record/reader.h"
#include "sense/recover_counts.h"

namespace lancehead::cli {
namespace {

// Recovered code belongs to the interpreter of the recording, which may not have been written yet.
void adopt(schema::Tables& tables, code::PythonVersion version) {
  if (tables.sessions.size() == 0) {
    tables.append(schema::SessionRow{.python_version = version.to_hex()});
  }
  for (schema::SessionId& session : tables.codes.session) {
    if (session.is_none()) {
      session = schema::SessionId(0);
    }
  }
}

}  // namespace

Result<profile::Profile> read_profile(const std::string& path) {
  auto recording = record::read(path);
  if (!recording) {
    return std::unexpected(std::move(recording.error()));
  }
  const std::filesystem::path live = sense::live_folder(path);
  std::error_code error;
  if (recording->complete || !std::filesystem::exists(live, error)) {
    return profile::Profile(std::move(*recording));
  }
  auto counts = sense::recover_counts(live);
  if (!counts) {
    return profile::Profile(std::move(*recording));
  }
  std::array<schema::Tables, 2> parts = {std::move(recording->tables), std::move(counts->tables)};
  recording->tables = profile::merge(parts);
  adopt(recording->tables, counts->version);
  return profile::Profile(std::move(*recording));
}

}  // namespace lancehead::cli
