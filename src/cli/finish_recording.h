// What is done between the end of the program and the report.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "record/reader.h"
#include "record/writer.h"
#include "sense/process_recorder.h"

namespace lancehead::cli {

struct FinishedRecording {
  record::Recording recording;     // as it now stands in the file
  std::vector<std::string> notes;  // sentences: what could not be recovered, and why
};

// Recovers the positions of expressions where the interpreter kept only lines, adds them to the
// recording, and marks it as complete. Errors: those of writing and reading; what was written
// before them can be read.
//
// The source is compiled as `owner`, the user of the program.
[[nodiscard]] Result<FinishedRecording> finish_recording(record::Writer& writer,
                                                         const std::filesystem::path& path,
                                                         const sense::Owner& owner);

}  // namespace lancehead::cli
