// Exact counts beside sampled time: a table for each function as line_profiler prints it, what was
// never run, and what could not be counted.
#include <algorithm>
#include <map>
#include <string>

#include "analyze/hits.h"
#include "show/figures.h"
#include "show/names.h"
#include "show/sections.h"
#include "show/text.h"

namespace lancehead::show {
namespace {

using analyze::Branch;
using analyze::BranchKind;
using analyze::CountedFunction;
using analyze::HitLine;

constexpr std::size_t kLineColumn = 6;
constexpr std::size_t kLeastHits = 10;
constexpr std::size_t kTimeColumn = 9;
constexpr std::size_t kPerHitColumn = 9;
constexpr std::size_t kLeastSource = 24;

std::string plural(std::uint64_t number, const char* one, const char* many) {
  return fmt::format("{} {}", count(number), number == 1 ? one : many);
}

// What can come of a branch, as the words for yes and no.
std::pair<const char*, const char*> outcome_words(BranchKind kind) {
  switch (kind) {
    case BranchKind::condition: return {"true", "false"};
    case BranchKind::none_test: return {"None", "not None"};
    case BranchKind::loop: return {"next", "end"};
    case BranchKind::exception: return {"matched", "other"};
  }
  return {"", ""};
}

class FunctionTable {
 public:
  FunctionTable(Page& page, const CountedFunction& function) : page_(page), function_(function) {
    source_ = page.profile.function(function.function).source;
    hits_width_ = kLeastHits;
    for (const HitLine& line : function.lines) {
      by_line_[line.line] = &line;
      hits_width_ = std::max(hits_width_, count(line.hits).size());
    }
    const std::size_t used = figures_width();
    room_ = std::max(kLeastSource, page.terminal.width - std::min(page.terminal.width, used));
  }

  void write() {
    write_head();
    const std::uint32_t first = page_.profile.function(function_.function).first_line;
    const bool whole = page_.profile.source_line(source_, first).has_value();
    std::uint32_t at = whole ? first : 0;
    for (const auto& [number, line] : by_line_) {
      // Lines in between have no instructions; a gap that long is another function's.
      constexpr std::uint32_t kLongestGap = 30;
      if (whole && number > at && number - at > kLongestGap) {
        page_.write("{}{}\n", std::string(figures_width(), ' '), page_.style.dim(page_.ellipsis()));
        at = number;
      }
      for (; whole && at < number; ++at) {
        write_plain(at);
      }
      write_line(*line);
      at = number + 1;
    }
  }

 private:
  [[nodiscard]] std::size_t figures_width() const {
    return kLineColumn + 2 + hits_width_ + 2 + kTimeColumn + 2 + kPerHitColumn + 1 + kShareCell + 2;
  }

  void write_head() {
    const std::string calls = plural(function_.calls, "call", "calls");
    const std::string time =
        function_.total.time > 0
            ? fmt::format(", {} with callees", duration(function_.total.time, page_.terminal))
            : std::string();
    const std::string note = calls + time;
    const profile::Function& function = page_.profile.function(function_.function);
    const std::size_t width = page_.terminal.width - std::min(page_.terminal.width, note.size() + 2);
    const std::string place = place_name(page_.profile, function_.function, function.first_line);
    page_.heading(
        cut_end(fmt::format("{}  {}", function_name(page_.profile, function_.function), place),
                width, page_.ellipsis()),
        note);
    page_.write("{}\n", page_.style.dim(fmt::format(
                            "{:>{}}  {:>{}}  {:>{}}  {:>{}}  {:<{}}  {}", "Line #", kLineColumn,
                            "Hits", hits_width_, "Time", kTimeColumn, "Per Hit", kPerHitColumn,
                            "% Time", kShareCell - 1, "Line Contents")));
  }

  [[nodiscard]] std::string source_text(std::uint32_t line) const {
    const auto source = page_.profile.source_line(source_, line);
    return source ? isolate(cut_end(escape_source(*source), room_, page_.ellipsis()))
                  : std::string();
  }

  void write_plain(std::uint32_t line) {
    const std::string text = source_text(line);
    page_.write("{}{}\n", page_.style.dim(pad_start(std::to_string(line), kLineColumn)),
                text.empty() ? "" : std::string(figures_width() - kLineColumn, ' ') + text);
  }

  // The line's share of the function's time, as line_profiler has it.
  [[nodiscard]] analyze::Share share_of_function(const analyze::Share& total) const {
    const double whole = function_.total.share;
    if (whole <= 0) {
      return {};
    }
    return {.time = total.time,
            .share = std::min(1.0, total.share / whole),
            .interval = {.low = std::min(1.0, total.interval.low / whole),
                         .high = std::min(1.0, total.interval.high / whole)}};
  }

  void write_line(const HitLine& line) {
    const bool timed = line.total.time > 0 && line.hits > 0;
    const std::string hits = pad_start(count(line.hits), hits_width_);
    const std::string time = timed ? duration(line.total.time, page_.terminal) : std::string();
    const double each = timed ? line.total.time / static_cast<double>(line.hits) : 0;
    const std::string per_hit = !timed     ? std::string()
                                : each < 1 ? std::string("<1 ns")
                                           : duration(each, page_.terminal);
    const analyze::Share share = share_of_function(line.total);
    page_.write("{}  {}  {}  {} {}  {}\n",
                page_.style.dim(pad_start(std::to_string(line.line), kLineColumn)),
                line.hits == 0 ? page_.style.warning(hits) : hits, pad_start(time, kTimeColumn),
                pad_start(per_hit, kPerHitColumn),
                timed ? page_.style.heat(share_cell(share, page_.terminal), share.share)
                      : std::string(kShareCell, ' '),
                source_text(line.line));
    write_branches(line);
    write_call_sites(line);
  }

  // Under the place of its expression: how it came out. A loop's outcomes are the hits of its lines,
  // unless it never came to its end.
  void write_branches(const HitLine& line) {
    for (const Branch& branch : function_.branches) {
      const bool is_plain_loop = branch.kind == BranchKind::loop && branch.no > 0;
      if (branch.range.line != line.line || line.hits == 0 || is_plain_loop) {
        continue;
      }
      const auto [yes, no] = outcome_words(branch.kind);
      const auto side = [&](const char* word, std::uint64_t times, const Style& style) {
        return times == 0 ? style.warning(fmt::format("never {}", word))
                          : fmt::format("{} {}", word, count(times));
      };
      const auto both = [&](const Style& style) {
        return side(yes, branch.yes, style) + ", " + side(no, branch.no, style);
      };
      write_under(branch.range, both(page_.style), both(Style(false)));
    }
  }

  void write_call_sites(const HitLine& line) {
    for (const analyze::CallSite& site : function_.call_sites) {
      if (site.range.line == line.line && site.calls != line.hits && site.range.has_columns()) {
        const std::string remark = plural(site.calls, "call", "calls");
        write_under(site.range, remark, remark);
      }
    }
  }

  // `remark_plain` is the remark without colours.
  void write_under(const profile::Position& range, const std::string& remark,
                   const std::string& remark_plain) {
    const auto source = page_.profile.source_line(source_, range.line);
    const std::string_view text = source.value_or(std::string_view());
    std::string expression;
    std::size_t column = 0;
    if (range.has_columns() && range.column < text.size()) {
      const std::size_t end = range.end_line == range.line
                                  ? std::min<std::size_t>(range.end_column, text.size())
                                  : text.size();
      column = display_width(escape_source(text.substr(0, range.column)));
      expression = escape_source(text.substr(range.column, end - range.column));
    } else {
      column = std::min(text.find_first_not_of(" \t"), text.size());
    }
    const std::size_t length = display_width(remark_plain) + 2;
    const std::size_t left = room_ - std::min(room_, length);
    const std::size_t width = std::min(left, display_width(expression));
    const std::size_t shift = std::min(column, left - width);
    const std::string shown = cut_end(expression, width, page_.ellipsis());
    page_.write("{}{}{}{}\n", std::string(figures_width() + shift, ' '),
                page_.style.dim(isolate(shown)), shown.empty() ? "" : ": ", remark);
  }

  Page& page_;
  const CountedFunction& function_;
  schema::SourceId source_;
  std::map<std::uint32_t, const HitLine*> by_line_;
  std::size_t hits_width_ = kLeastHits;
  std::size_t room_ = kLeastSource;
};

// "86-87, 92": runs of lines.
std::string ranges_text(const std::vector<std::uint32_t>& never, const std::vector<std::uint32_t>& all) {
  std::string text;
  for (std::size_t i = 0; i < never.size();) {
    // Lines without instructions between two that never ran belong to the run.
    auto at = std::ranges::lower_bound(all, never[i]);
    std::size_t last = i;
    while (last + 1 < never.size() && at + 1 != all.end() && *(at + 1) == never[last + 1]) {
      ++at;
      ++last;
    }
    text += text.empty() ? "" : ", ";
    text += last == i ? std::to_string(never[i]) : fmt::format("{}-{}", never[i], never[last]);
    i = last + 1;
  }
  return text;
}

void write_file(Page& page, const analyze::FileCoverage& file, std::span<const std::string_view> folders) {
  const std::size_t ran = file.lines.size() - file.never_run.size();
  const double share = file.lines.empty() ? 1.0
                                          : static_cast<double>(ran) /
                                                static_cast<double>(file.lines.size());
  const std::string name = escape(short_path(file.file, folders));
  page.write("{:>7}  {} of {} lines, {} of {} branch outcomes  {}\n", percent(share), count(ran),
             count(file.lines.size()), count(file.branches_taken), count(file.branches), name);
  if (!file.never_run.empty()) {
    for (const std::string& line :
         wrap("never run: " + ranges_text(file.never_run, file.lines), page.terminal.width - 9)) {
      page.write("         {}\n", page.style.dim(line));
    }
  }
}

void write_uncounted(Page& page, const analyze::Hits& hits) {
  if (hits.uncounted.empty()) {
    return;
  }
  page.heading("Not counted");
  const std::size_t shown = page.limit(hits.uncounted.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const analyze::Uncounted& row = hits.uncounted[i];
    page.write("  {}  {}:{}: {}\n", escape(row.name), escape(row.file), row.first_line,
               escape(row.reason));
  }
  page.say_hidden(shown, hits.uncounted.size(), "functions");
}

}  // namespace

void write_coverage(Page& page, const analyze::Hits& hits) {
  page.heading("Lines run", "exact counts");
  const std::vector<std::string_view> folders;
  const std::size_t shown = page.limit(hits.files.size());
  for (std::size_t i = 0; i < shown; ++i) {
    write_file(page, hits.files[i], folders);
  }
  page.say_hidden(shown, hits.files.size(), "files");
  write_uncounted(page, hits);
}

void write_hits(Page& page) {
  if (!analyze::has_counts(page.profile)) {
    page.write("\nNothing was counted: `lancehead run --counts` counts lines, branches and calls.\n");
    return;
  }
  analyze::Hits hits = analyze::hits(page.profile, page.selection);
  std::erase_if(hits.functions,
                [&](const CountedFunction& row) { return !page.shows(row.function); });
  const std::size_t shown = page.limit(hits.functions.size());
  for (std::size_t i = 0; i < shown; ++i) {
    FunctionTable(page, hits.functions[i]).write();
  }
  page.say_hidden(shown, hits.functions.size(), "functions");
  write_coverage(page, hits);
  page.write("\n");
  page.note(
      "Hits and outcomes are exact. Time, with callees, is from samples of the same run, with "
      "the interval within which it lies in 95 of 100 cases.");
}

}  // namespace lancehead::show
