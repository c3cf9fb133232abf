// Exact counts as JSON (docs/json.md).
#pragma once

#include "show/json_parts.h"
#include "show/page.h"

namespace lancehead::show {

// Adds `counted`, `coverage` and `uncounted` to the report.
void add_hits(Json& json, const profile::Profile& profile, const analyze::Selection& selection,
              const FunctionFilter& filter);

}  // namespace lancehead::show
