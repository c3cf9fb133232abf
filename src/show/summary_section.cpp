// The head of the report: what ran, how well it was seen, and at what cost.
#include <algorithm>

#include "analyze/blocked.h"
#include "analyze/summary.h"
#include "show/figures.h"
#include "show/sections.h"
#include "show/text.h"

namespace lancehead::show {
namespace {

using analyze::Summary;

constexpr std::size_t kBarWidth = 20;

std::string plural(std::size_t number, const char* what, const char* ending) {
  return fmt::format("{} {}{}", count(number), what, number == 1 ? "" : ending);
}

std::string reason_text(schema::LossReason reason) {
  switch (reason) {
    case schema::LossReason::unreadable: return "memory unreadable";
    case schema::LossReason::changed: return "stack moved";
    case schema::LossReason::implausible: return "no valid stack";
    case schema::LossReason::stop_failed: return "no stop in time";
    case schema::LossReason::late: return "lancehead had no CPU";
    case schema::LossReason::budget: return "budget spent";
    case schema::LossReason::starting: return "interpreter starting";
    case schema::LossReason::ending: return "interpreter ending";
    case schema::LossReason::replaced: return "program replaced";
  }
  return "unknown";
}

// The command without the folder of its first word, which is mostly that of the interpreter.
std::string_view without_folder(std::string_view command) {
  const std::size_t slash = command.substr(0, command.find(' ')).rfind('/');
  return slash == std::string_view::npos ? command : command.substr(slash + 1);
}

std::string losses_text(const Summary& summary) {
  if (summary.lost == 0) {
    return "none lost";
  }
  std::string reasons;
  for (const analyze::LossRow& loss : summary.losses) {
    reasons += reasons.empty() ? "" : ", ";
    reasons += reason_text(loss.reason);
    reasons += summary.losses.size() > 1 ? " " + count(loss.count) : "";
  }
  const double share =
      static_cast<double>(summary.lost) / static_cast<double>(summary.lost + summary.samples);
  return fmt::format("{} lost ({}: {})", count(summary.lost), percent(share), reasons);
}

std::string rate_text(const Summary& summary) {
  if (summary.reached_rate <= 0) {
    return "";
  }
  constexpr double kAsWanted = 0.95;
  return summary.reached_rate >= kAsWanted * summary.wanted_rate
             ? fmt::format(" at {:.0f} Hz", summary.reached_rate)
             : fmt::format(" at {:.0f} Hz ({:.0f} wanted)", summary.reached_rate,
                           summary.wanted_rate);
}

std::vector<std::string> cost_parts(const Page& page, const Summary& summary) {
  if (!summary.ended_well || summary.wall <= 0) {
    return {"the cost of looking is not known: the recording has no end"};
  }
  return {fmt::format(
              "looking cost the program {} ({}, {})", duration(summary.time_lost, page.terminal),
              percent(summary.time_lost / summary.wall), plural(summary.stops, "stop", "s")),
          fmt::format("lancehead used {} of a CPU", percent(summary.profiler_cpu / summary.wall))};
}

// Parts joined by a dot, broken between parts where the line is full.
void write_parts(Page& page, const std::vector<std::string>& parts) {
  const std::string dot = page.terminal.unicode ? " · " : ", ";
  std::string line;
  for (const std::string& part : parts) {
    if (!line.empty() &&
        display_width(line) + display_width(dot) + display_width(part) > page.terminal.width) {
      page.write("{}\n", line);
      line.clear();
    }
    line += (line.empty() ? "  " : dot) + part;
  }
  page.write("{}\n", line);
}

void write_damage(Page& page) {
  if (!page.profile.damage().complete) {
    page.write("{}\n", page.style.warning("  This recording is incomplete: its recorder did not "
                                          "come to its end."));
  }
  for (const std::string& sentence : page.profile.damage().sentences) {
    page.write("{}\n", page.style.warning("  " + escape(sentence)));
  }
}

struct SplitRow {
  const char* name;
  double time;
  std::string note;
};

// The system calls that took most of the blocked time, with their times.
std::string blocked_note(const Page& page) {
  std::vector<std::pair<double, std::string>> calls;
  for (const analyze::BlockedRow& row : analyze::blocked(page.profile, page.selection)) {
    const auto known =
        std::ranges::find(calls, row.system_call, &std::pair<double, std::string>::second);
    if (known == calls.end()) {
      calls.emplace_back(row.time, row.system_call);
    } else {
      known->first += row.time;
    }
  }
  std::ranges::sort(calls, std::ranges::greater());
  std::string note;
  for (std::size_t i = 0; i < std::min<std::size_t>(2, calls.size()); ++i) {
    note += (note.empty() ? "in " : ", ") + calls[i].second + " " +
            duration(calls[i].first, page.terminal);
  }
  return note;
}

}  // namespace

std::string share_base(const Page& page) {
  const std::string time = duration(page.selection.weights.total(), page.terminal);
  std::string base;
  switch (page.selection.clock) {
    case analyze::Clock::wall: base = fmt::format("shares of {} wall time", time); break;
    case analyze::Clock::busy:
      base = fmt::format("shares of the {} that threads were not blocked", time);
      break;
    case analyze::Clock::cpu: base = fmt::format("shares of {} CPU time", time); break;
  }
  return page.options.only_with_gil ? fmt::format("shares of {} with the GIL", time) : base;
}

void write_summary(Page& page) {
  const Summary summary = analyze::summarize(page.profile);
  const std::string python =
      summary.python_version.empty() ? "" : "CPython " + summary.python_version;
  const std::size_t room =
      page.terminal.width - std::min(page.terminal.width, display_width(python) + 2);
  const std::string command =
      isolate(cut_end(escape(without_folder(summary.command)), room, page.ellipsis()));
  page.write(
      "{}{}{}\n", page.style.title(command),
      std::string(page.terminal.width -
                      std::min(page.terminal.width, display_width(command) + display_width(python)),
                  ' '),
      page.style.dim(python));
  std::vector<std::string> parts = {duration(summary.wall, page.terminal) + " wall",
                                    duration(summary.cpu, page.terminal) + " CPU",
                                    plural(summary.samples, "sample", "s") + rate_text(summary),
                                    losses_text(summary)};
  if (summary.processes > 1) {
    parts.push_back(plural(summary.processes, "process", "es"));
  }
  if (summary.threads > 1) {
    parts.push_back(plural(summary.threads, "thread", "s"));
  }
  if (summary.free_threaded) {
    parts.emplace_back("free-threaded");
  }
  write_parts(page, parts);
  write_parts(page, cost_parts(page, summary));
  write_damage(page);
}

void write_time_split(Page& page) {
  const analyze::TimeSplit& split = page.selection.split;
  if (!(split.wall > 0)) {
    return;
  }
  page.heading(page.selection.thread_count > 1 ? "Time of all threads" : "Time",
               duration(split.wall, page.terminal));
  const std::vector<SplitRow> rows = {
      {"running", split.running(), ""},
      {"waiting for the GIL", split.waiting, ""},
      {"blocked in the kernel", split.blocked, blocked_note(page)},
      {"ready, but without a CPU", split.ready(), ""},
      {"stopped", split.stopped, "by a signal or a debugger"},
      {"state not known", split.unknown, ""},
      {"collecting garbage", split.collecting, "part of the above"},
  };
  for (const SplitRow& row : rows) {
    const double share = row.time / split.wall;
    if (share < 0.0005) {
      continue;
    }
    const std::string drawn = bar(share, kBarWidth, page.terminal);
    const std::string lead = fmt::format("  {:<24} {:>8} {:>9}  ", row.name, percent(share),
                                         duration(row.time, page.terminal));
    const std::size_t used = display_width(lead) + display_width(drawn) + 1;
    const std::string note = cut_end(
        row.note, page.terminal.width - std::min(page.terminal.width, used), page.ellipsis());
    page.write("{}{}{}\n", lead, drawn, note.empty() ? "" : " " + page.style.dim(note));
  }
}

}  // namespace lancehead::show
