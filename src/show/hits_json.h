// Exact counts as JSON (docs/json.md).
#pragma once

#include "analyze/hits.h"
#include "show/json_parts.h"
#include "show/page.h"

namespace lancehead::show {

// Adds `counted`, `coverage` and `uncounted` to the report.
void add_hits(Json& json, const profile::Profile& profile, const analyze::Selection& selection,
              const FunctionFilter& filter);

[[nodiscard]] Json branches_json(const analyze::CountedFunction& counted);
[[nodiscard]] Json call_sites_json(const analyze::CountedFunction& counted);

}  // namespace lancehead::show
