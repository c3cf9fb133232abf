#include "show/report.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include "analyze/calls.h"
#include "show/figures.h"
#include "show/page.h"
#include "show/sections.h"
#include "show/selection.h"

namespace lancehead::show {
namespace {

constexpr double kWorthASection = 0.01;

void write_overview(Page& page) {
  const analyze::TimeSplit& split = page.selection.split;
  write_time_split(page);
  write_functions(page);
  write_lines(page);
  if (page.selection.thread_count > 1) {
    write_threads(page);
  }
  if (split.waiting > kWorthASection * split.wall) {
    write_gil_waits(page);
  }
  if (split.blocked > kWorthASection * split.wall) {
    write_blocked(page);
  }
  if (analyze::has_counts(page.profile)) {
    write_coverage(page, analyze::hits(page.profile, page.selection));
    page.note("`lancehead report FILE --by hits` shows each line with its hits and its time.");
  }
  if (analyze::has_calls(page.profile)) {
    write_calls_in_short(page);
  }
  page.write("\n");
  page.note(fmt::format(
      "self: the program was in that very place. total: there, or in something called from there. "
      "An expression's share holds the expressions inside it; own is what is left without them. "
      "`1.0 % {}0.3` is between 0.7 and 1.3 %, in 95 of 100 cases.",
      plus_minus(page.terminal)));
}

void write_view(Page& page) {
  switch (page.options.view) {
    case ReportView::overview: write_overview(page); break;
    case ReportView::function: write_functions(page); break;
    case ReportView::line: write_lines(page); break;
    case ReportView::expression: write_expressions(page); break;
    case ReportView::instruction: write_instructions(page); break;
    case ReportView::hits: write_hits(page); break;
    case ReportView::thread:
      write_threads(page);
      write_gil_waits(page);
      write_blocked(page);
      break;
    case ReportView::tree: write_call_tree(page); break;
    case ReportView::calls: write_calls(page); break;
  }
}

}  // namespace

Result<std::string> render_report(const profile::Profile& profile, const ReportOptions& options,
                                  const Terminal& terminal) {
  const auto filter = FunctionFilter::make(profile, options);
  if (!filter) {
    return std::unexpected(filter.error());
  }
  for (const std::string& text : {options.callers, options.callees}) {
    if (const auto compiled = FunctionFilter::of_pattern(text); !compiled) {
      return std::unexpected(compiled.error());
    }
  }
  const auto selection = select_for(profile, options);
  if (!selection) {
    return std::unexpected(selection.error());
  }
  Page page{.profile = profile,
            .selection = *selection,
            .options = options,
            .terminal = terminal,
            .style = Style(terminal.color),
            .filter = *filter,
            .text = {}};
  write_summary(page);
  if (options.view == ReportView::calls) {
    write_calls(page);
  } else if (selection->samples.empty() && analyze::has_counts(profile)) {
    write_hits(page);
  } else if (selection->samples.empty()) {
    page.write("\nNo sample was taken: {}\n",
               profile.tables().samples.size() == 0
                   ? "the program ended before Python ran, or took less than a moment."
                   : "none of the recording's samples is of what was asked for.");
  } else {
    write_view(page);
  }
  return std::move(page.text);
}

Result<void> write_text(std::FILE* out, const std::string& text, const std::string& name) {
  if (std::fwrite(text.data(), 1, text.size(), out) == text.size() && std::fflush(out) == 0) {
    return {};
  }
  if (errno == EPIPE) {
    return {};
  }
  return fail(ErrorKind::io, fmt::format("Writing to {} failed: {}.", name, std::strerror(errno)));
}

Result<void> print_report(const profile::Profile& profile, const ReportOptions& options,
                          const Terminal& terminal, std::FILE* out) {
  const auto text = render_report(profile, options, terminal);
  if (!text) {
    return std::unexpected(text.error());
  }
  return write_text(out, *text, "the terminal");
}

}  // namespace lancehead::show
