// Functions by self and total time.
#include <algorithm>
#include <string>

#include "analyze/functions.h"
#include "show/figures.h"
#include "show/names.h"
#include "show/sections.h"
#include "show/text.h"

namespace lancehead::show {
namespace {

using analyze::FunctionRow;

constexpr double kWorthAColumn = 0.01;

double sort_value(const FunctionRow& row, SortOrder order) {
  switch (order) {
    case SortOrder::total: return row.total.time;
    case SortOrder::cpu: return row.self_split.cpu;
    case SortOrder::waiting: return row.self_split.waiting;
    case SortOrder::blocked: return row.self_split.blocked;
    default: break;
  }
  return row.self.time;
}

void sort_rows(const Page& page, std::vector<FunctionRow>& rows) {
  const SortOrder order = page.options.sort;
  if (order == SortOrder::name) {
    std::ranges::stable_sort(rows, {}, [&page](const FunctionRow& row) {
      return page.profile.function(row.function).name;
    });
    return;
  }
  std::ranges::stable_sort(rows, std::ranges::greater(),
                           [order](const FunctionRow& row) { return sort_value(row, order); });
}

// Nothing is easier to read than a nought.
std::string time_cell(const Page& page, double time, std::size_t width) {
  return pad_start(time > 0 ? duration(time, page.terminal) : "", width);
}

}  // namespace

void write_functions(Page& page) {
  auto rows = analyze::functions(page.profile, page.selection);
  std::erase_if(rows, [&page](const FunctionRow& row) { return !page.shows(row.function); });
  sort_rows(page, rows);
  const analyze::TimeSplit& split = page.selection.split;
  const bool shows_waiting = split.waiting > kWorthAColumn * split.wall;
  const bool shows_blocked = split.blocked > kWorthAColumn * split.wall;
  page.heading("Functions", share_base(page));
  std::string header = "    self        total     time";
  header += shows_waiting ? "  GIL wait" : "";
  header += shows_blocked ? "   blocked" : "";
  page.write("{}\n", page.style.dim(header + "  function"));
  const std::size_t columns = display_width(header) + 2;
  const std::size_t shown = page.limit(rows.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const FunctionRow& row = rows[i];
    std::string line = page.style.heat(share_cell(row.self, page.terminal), row.self.share) +
                       pad_start(percent(row.total.share), 8);
    line += time_cell(page, row.self.time, 9);
    line += shows_waiting ? time_cell(page, row.self_split.waiting, 10) : "";
    line += shows_blocked ? time_cell(page, row.self_split.blocked, 10) : "";
    page.write(
        "{}  {}\n", line,
        page.function_and_place(row.function, page.profile.function(row.function).first_line,
                                page.terminal.width - std::min(page.terminal.width, columns)));
  }
  page.say_hidden(shown, rows.size(), "functions");
}

}  // namespace lancehead::show
