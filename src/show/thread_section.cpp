// Threads, what they wait for, and who holds the GIL meanwhile.
#include <algorithm>
#include <string>

#include "analyze/blocked.h"
#include "analyze/gil.h"
#include "analyze/threads.h"
#include "show/figures.h"
#include "show/names.h"
#include "show/sections.h"
#include "show/text.h"

namespace lancehead::show {
namespace {

using analyze::ThreadRow;

constexpr std::size_t kMostHolders = 3;

// Waits are told by three lines each, so the overview has fewer of them.
constexpr std::size_t kOverviewWaits = 5;

std::string time_cell(const Page& page, double time, std::size_t width) {
  return pad_start(time > 0 ? duration(time, page.terminal) : "", width);
}

void write_thread(Page& page, const ThreadRow& row, std::size_t name_width) {
  const analyze::TimeSplit& split = row.split;
  page.write("  {}{}{}{}{}{}\n",
             pad_end(cut_end(thread_name(row.thread), name_width, page.ellipsis()), name_width),
             time_cell(page, split.cpu, 9), time_cell(page, split.waiting, 11),
             time_cell(page, split.ready(), 9), time_cell(page, split.blocked, 9),
             time_cell(page, split.wall, 9));
}

// The rows that make the column of CPU times add up to that of the process.
void write_other_cpu(Page& page, std::size_t name_width) {
  const analyze::CpuTotal total = analyze::cpu_total(page.profile);
  const auto write_row = [&](const std::string& name, double cpu, const char* note) {
    page.write("  {}{}  {}\n", pad_end(name, name_width), time_cell(page, cpu, 9),
               page.style.dim(note));
  };
  if (total.native_threads > 0) {
    write_row(fmt::format("{} native thread{}", total.native_threads,
                          total.native_threads == 1 ? "" : "s"),
              total.native, "threads that Python does not know");
  }
  if (total.process_is_known) {
    if (total.unseen() > 0.0005 * total.process) {
      write_row("not sampled", total.unseen(), "start, end, and what was lost");
    }
    write_row("whole process", total.process, "CPU time as the kernel counted it");
  }
}

std::string place_text(const Page& page, const analyze::LinePlace& place, std::size_t width) {
  if (place.function.is_none()) {
    return "(not looked at in that moment)";
  }
  return page.function_and_place(place.function, place.line, width);
}

}  // namespace

void write_threads(Page& page) {
  const auto rows = analyze::threads(page.profile, page.selection);
  page.heading("Threads");
  const std::size_t name_width = std::max<std::size_t>(20, page.terminal.width - 60);
  page.write("{}\n",
             page.style.dim(fmt::format("  {:<{}}{:>9}{:>11}{:>9}{:>9}{:>9}", "thread", name_width,
                                        "CPU", "GIL wait", "no CPU", "blocked", "all")));
  const std::size_t shown = page.limit(rows.size());
  for (std::size_t i = 0; i < shown; ++i) {
    write_thread(page, rows[i], name_width);
  }
  page.say_hidden(shown, rows.size(), "threads");
  if (page.options.thread.empty() && !page.options.only_with_gil) {
    write_other_cpu(page, name_width);
  }
}

void write_gil_waits(Page& page) {
  auto waits = analyze::gil_waits(page.profile, page.selection);
  std::erase_if(waits,
                [&page](const analyze::GilWait& wait) { return !page.shows(wait.place.function); });
  if (waits.empty()) {
    return;
  }
  page.heading("Waiting for the GIL", "and the line that held it meanwhile");
  const bool is_overview =
      page.options.view == ReportView::overview && !page.options.limit.has_value();
  const std::size_t shown =
      std::min(page.limit(waits.size()), is_overview ? kOverviewWaits : waits.size());
  for (std::size_t i = 0; i < shown; ++i) {
    page.write("  {}  {}\n", time_cell(page, waits[i].time, 8),
               place_text(page, waits[i].place, page.terminal.width - 12));
    const auto& holders = waits[i].holders;
    for (std::size_t j = 0; j < std::min(kMostHolders, holders.size()); ++j) {
      page.write("    {}  {} {}\n", page.style.dim(time_cell(page, holders[j].time, 8)),
                 page.style.dim("held by"),
                 place_text(page, holders[j].place, page.terminal.width - 22));
    }
  }
  page.say_hidden(shown, waits.size(), "lines");
}

void write_blocked(Page& page) {
  auto rows = analyze::blocked(page.profile, page.selection);
  std::erase_if(
      rows, [&page](const analyze::BlockedRow& row) { return !page.shows(row.place.function); });
  if (rows.empty()) {
    return;
  }
  page.heading("Blocked in the kernel", "by system call and line");
  const std::size_t shown = page.limit(rows.size());
  for (std::size_t i = 0; i < shown; ++i) {
    page.write("  {}  {}  {}\n", time_cell(page, rows[i].time, 8), pad_end(rows[i].system_call, 16),
               place_text(page, rows[i].place, page.terminal.width - 30));
  }
  page.say_hidden(shown, rows.size(), "places");
}

}  // namespace lancehead::show
