// The verbs that read a recording and print it.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "cli/verb.h"
#include "profile/profile.h"

namespace lancehead::cli {

// kSuccess, or kIncomplete where something of the recording is missing.
[[nodiscard]] int exit_code_of(const profile::Profile& profile);

// `lancehead report`: prints to stdout. Exits with 4 where the recording is incomplete.
int report(std::span<const Verb> verbs, const Options& options);

// A profile in another format: the bytes of a file.
[[nodiscard]] Result<std::string> exported(const profile::Profile& profile,
                                           const ExportRequest& request);
// Says on stderr where the format stands for exact figures that the recording has not.
void say_what_is_sampled(const profile::Profile& profile, ExportFormat format);
// Errors: io; also where the file exists, unless by `force`.
[[nodiscard]] Result<void> write_file(const std::string& path, const std::string& bytes,
                                      bool force);

// `lancehead export`: another format, to stdout or to a file.
int export_recording(std::span<const Verb> verbs, const Options& options);

}  // namespace lancehead::cli
