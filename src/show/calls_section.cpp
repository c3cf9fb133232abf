// Every call, in the columns of pstats.
#include <algorithm>
#include <string>

#include "analyze/calls.h"
#include "show/call_order.h"
#include "show/figures.h"
#include "show/names.h"
#include "show/sections.h"
#include "show/selection.h"
#include "show/text.h"

namespace lancehead::show {
namespace {

using analyze::CallEdge;
using analyze::Calls;
using analyze::CallSums;

constexpr double kNanoseconds = 1e-9;  // in s

std::string seconds(double nanoseconds) {
  return fmt::format("{:8.3f}", nanoseconds * kNanoseconds);
}

// "4/1" under recursion, as pstats has it.
std::string calls_cell(const CallSums& sums) {
  return sums.calls == sums.primitive ? std::to_string(sums.calls)
                                      : fmt::format("{}/{}", sums.calls, sums.primitive);
}

std::string per_call(double time, std::uint64_t calls) {
  return calls == 0 ? std::string(8, ' ') : seconds(time / static_cast<double>(calls));
}

std::string label(const Page& page, profile::FunctionId function, std::size_t used) {
  return cut_start(isolate(escape(call_label(page.profile, function))),
                   page.terminal.width - std::min(page.terminal.width - 1, used), page.ellipsis());
}

void write_table(Page& page, const Calls& calls) {
  auto rows = calls.functions;
  std::erase_if(rows, [&page](const auto& row) { return !page.shows(row.function); });
  sort_calls(page.profile, page.options.sort, rows);
  page.write("   Ordered by: {}\n\n", order_name(page.options.sort));
  page.write("{}\n", page.style.dim("   ncalls  tottime  percall  cumtime  percall  "
                                    "filename:lineno(function)"));
  const std::size_t shown = page.limit(rows.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const CallSums& sums = rows[i].sums;
    const std::string cells =
        fmt::format("{:>9} {} {} {} {}  ", calls_cell(sums), seconds(sums.self_corrected),
                    per_call(sums.self_corrected, sums.calls), seconds(sums.total_corrected),
                    per_call(sums.total_corrected, sums.primitive));
    page.write("{}{}\n", cells, label(page, rows[i].function, cells.size()));
  }
  page.say_hidden(shown, rows.size(), "functions");
}

// Of the functions that match, who called them, or whom they called.
void write_edges(Page& page, const Calls& calls, const FunctionFilter& wanted, bool callers) {
  auto rows = calls.functions;
  std::erase_if(rows, [&](const auto& row) { return !wanted.shows(page.profile, row.function); });
  sort_calls(page.profile, page.options.sort, rows);
  const std::size_t shown = page.limit(rows.size());
  for (std::size_t i = 0; i < shown; ++i) {
    page.heading(label(page, rows[i].function, 0), callers ? "was called by" : "called");
    page.write("{}\n", page.style.dim("   ncalls  tottime  cumtime"));
    bool any = false;
    for (const CallEdge& edge : calls.edges) {
      if ((callers ? edge.callee : edge.caller) != rows[i].function) {
        continue;
      }
      any = true;
      const std::string cells =
          fmt::format("{:>9} {} {}  ", calls_cell(edge.sums), seconds(edge.sums.self_corrected),
                      seconds(edge.sums.total_corrected));
      page.write("{}{}\n", cells, label(page, callers ? edge.caller : edge.callee, cells.size()));
    }
    if (!any) {
      page.write("   {}\n", callers ? "nothing" : "nothing that was counted");
    }
  }
  page.say_hidden(shown, rows.size(), "functions");
}

std::string cost_sentence(const Calls& calls) {
  return fmt::format(
      "Numbers are exact. Times are measured, with the cost of looking subtracted: {:.0f} ns for "
      "each "
      "call of Python code and {:.0f} ns for each call of C; {:.3f} s as measured, {:.3f} s "
      "corrected.",
      calls.python.whole(), calls.native.whole(), calls.time * kNanoseconds,
      calls.time_corrected * kNanoseconds);
}

void write_gaps(Page& page, const Calls& calls) {
  if (calls.lost != 0) {
    page.note(
        fmt::format("{} calls are not counted: there was no room for them.", count(calls.lost)));
  }
  if (calls.dropped != 0) {
    page.note(
        fmt::format("The ends of {} calls were not reported by the interpreter; each was taken "
                    "to have ended at the next event.",
                    count(calls.dropped)));
  }
}

}  // namespace

void write_calls_in_short(Page& page) {
  constexpr std::size_t kShown = 5;
  Calls calls = analyze::calls(page.profile);
  page.heading("Calls", fmt::format("every one: {}", count(calls.calls)));
  sort_calls(page.profile, SortOrder::calls, calls.functions);
  calls.functions.resize(std::min(kShown, calls.functions.size()));
  for (const analyze::CalledFunction& row : calls.functions) {
    const double each = row.sums.self_corrected / static_cast<double>(row.sums.calls);
    const std::string cells =
        fmt::format("{:>14}  {:>7} each  ", count(row.sums.calls), duration(each, page.terminal));
    page.write("{}{}\n", cells, label(page, row.function, cells.size()));
  }
  page.note("`lancehead report FILE --by calls` shows all, as cProfile does, and who called whom.");
}

void write_calls(Page& page) {
  if (!analyze::has_calls(page.profile)) {
    page.write("\nNo calls were counted; `lancehead run --calls` does that.\n");
    return;
  }
  const Calls calls = analyze::calls(page.profile);
  page.heading("Calls", "every one");
  const std::string primitive =
      calls.calls == calls.primitive ? "" : fmt::format(" ({} primitive calls)", calls.primitive);
  page.write("   {} function calls{} in {:.3f} seconds\n", calls.calls, primitive,
             calls.time_corrected * kNanoseconds);
  const auto callers = FunctionFilter::of_pattern(page.options.callers);
  const auto callees = FunctionFilter::of_pattern(page.options.callees);
  if (callers && !callers->is_empty()) {
    write_edges(page, calls, *callers, true);
  } else if (callees && !callees->is_empty()) {
    write_edges(page, calls, *callees, false);
  } else {
    write_table(page, calls);
  }
  page.write("\n");
  page.note(cost_sentence(calls));
  write_gaps(page, calls);
}

}  // namespace lancehead::show
