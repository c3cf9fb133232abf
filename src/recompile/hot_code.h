// Which code objects of a recording need their positions recovered, the hottest first.
#pragma once

#include <vector>

#include "schema/tables.h"

namespace lancehead::recompile {

// The hot code objects of one source file.
struct HotFile {
  schema::SourceId source;
  double weight = 0;  // wall time of the samples that have them on their stacks [ns]
  std::vector<schema::CodeId> codes;
};

// Python code of the session that occurs on sampled stacks, or was counted, and has no columns, neither in its line
// table nor in `positions`; by source file, the file with most time first.
[[nodiscard]] std::vector<HotFile> hot_files(const schema::Tables& tables,
                                             schema::SessionId session);

}  // namespace lancehead::recompile
