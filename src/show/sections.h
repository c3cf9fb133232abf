// The sections of the report, one function for each.
#pragma once

#include "analyze/functions.h"
#include "analyze/hits.h"
#include "analyze/lines.h"
#include "show/page.h"

namespace lancehead::show {

void write_summary(Page& page);
void write_time_split(Page& page);
void write_functions(Page& page);
void write_lines(Page& page);
void write_expressions(Page& page);
void write_instructions(Page& page);
void write_hits(Page& page);
void write_coverage(Page& page, const analyze::Hits& hits);
void write_threads(Page& page);
void write_gil_waits(Page& page);
void write_blocked(Page& page);
void write_call_tree(Page& page);
void write_calls(Page& page);
// How many, and the functions with most of them.
void write_calls_in_short(Page& page);

// "of 7.21 s wall time": what the shares are of.
[[nodiscard]] std::string share_base(const Page& page);

}  // namespace lancehead::show
