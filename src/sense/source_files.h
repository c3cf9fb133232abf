// Finds the text of the files that a target's code was compiled from.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "base/unique_fd.h"
#include "schema/tables.h"

namespace lancehead::sense {

struct SourceText {
  schema::SourceStatus status = schema::SourceStatus::missing;
  std::int64_t modified = 0;  // nanoseconds since 1970
  std::string text;
};

class SourceFiles {
 public:
  // `keep` is false where texts are to be left out. `command_code` is the text that the program
  // runs under the name <string> (python -c); empty if there is none.
  SourceFiles(pid_t process, bool keep, std::string command_code)
      : process_(process), keep_(keep), command_code_(std::move(command_code)) {}

  // Keeps the root and the working directory that the target has now, for files that are first
  // asked for when it has ended.
  void remember_folders();

  // Reads the file as the target sees it: its root, its working directory.
  [[nodiscard]] SourceText read(const std::string& filename) const;

 private:
  [[nodiscard]] UniqueFd open_file(const std::string& filename) const;

  pid_t process_;
  bool keep_;
  std::string command_code_;
  UniqueFd root_, directory_;  // as they were, in case the process is gone
};

}  // namespace lancehead::sense
