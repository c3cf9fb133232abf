#include "show/diff_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analyze/summary.h"
#include "show/diff_rows.h"
#include "show/figures.h"
#include "show/page.h"
#include "show/text.h"

namespace lancehead::show {
namespace {

using analyze::Change;
using analyze::Verdict;

// Below this share of time in code that both recordings have, they are hardly of one program.
constexpr double kLittleInCommon = 0.5;

constexpr double kUsualNoise = 0.015;

constexpr std::size_t kChangeCell = 9;
constexpr std::size_t kNumbers = 4 * kChangeCell + 1;

std::string signed_duration(double nanoseconds, const Terminal& terminal) {
  return (nanoseconds < 0 ? "-" : "+") + duration(std::abs(nanoseconds), terminal);
}

// The change as a part of what was there before.
std::string relative(const Change& change) {
  constexpr double kLargest = 10;  // times
  if (!(change.before > 0)) {
    return "new";
  }
  if (!(change.after > 0)) {
    return "gone";
  }
  const double ratio = change.after / change.before;
  return ratio >= kLargest ? fmt::format("x{:.0f}", ratio)
                           : fmt::format("{:+.1f} %", (ratio - 1) * 100);
}

// Samples of a recording with which the false alarms were tried (docs/diff.md).
constexpr std::size_t kEnough = 300;

const char* clock_text(analyze::Clock clock) {
  switch (clock) {
    case analyze::Clock::wall: return "wall time";
    case analyze::Clock::busy: return "busy";
    case analyze::Clock::cpu: return "CPU time";
  }
  return "";
}

class Writer {
 public:
  Writer(const DiffAnswer& answer, const DiffNames& names, const DiffOptions& options,
         const Terminal& terminal)
      : answer_(&answer),
        names_(&names),
        options_(&options),
        report_options_{.limit = options.limit},
        page_{.profile = answer.after,
              .selection = answer.after_selection,
              .options = report_options_,
              .terminal = terminal,
              .style = Style(terminal.color),
              .filter = everything_,
              .text = {}} {}

  std::string write() {
    write_runs();
    for (const auto* run : {&answer_->diff.before, &answer_->diff.after}) {
      if (!(run->total > 0)) {
        page_.write(
            "\nThere is nothing to compare: the recording {} has no sample of what was "
            "asked for.\n",
            run == &answer_->diff.before ? "before" : "after");
        return std::move(page_.text);
      }
    }
    write_headline();
    const DiffView view = options_->view;
    if (view == DiffView::all || view == DiffView::expression) {
      write_table("Expressions", expression_rows(*answer_, view == DiffView::all));
    }
    if (view == DiffView::all || view == DiffView::line) {
      write_table("Lines", line_rows(*answer_));
    }
    if (view == DiffView::all || view == DiffView::function) {
      write_table("Functions", function_rows(*answer_));
    }
    write_notes();
    return std::move(page_.text);
  }

 private:
  void write_runs() {
    write_run("before", names_->before, answer_->before, answer_->diff.before);
    write_run("after", names_->after, answer_->after, answer_->diff.after);
  }

  void write_run(const char* which, const std::string& name, const profile::Profile& profile,
                 const analyze::RunTime& run) {
    const analyze::Summary summary = analyze::summarize(profile);
    const std::string facts = fmt::format(
        "{} {}, {} samples{}", duration(run.total, page_.terminal),
        clock_text(answer_->before_selection.clock), count(summary.samples),
        summary.python_version.empty() ? "" : ", Python " + escape(summary.python_version));
    constexpr std::size_t kLabel = 8;
    const std::size_t room =
        page_.terminal.width - std::min(page_.terminal.width, kLabel + display_width(facts) + 2);
    page_.write("{}{}  {}\n", pad_end(which, kLabel),
                isolate(cut_start(escape(name), std::max<std::size_t>(room, 8), page_.ellipsis())),
                page_.style.dim(facts));
    for (const std::string& sentence : profile.damage().sentences) {
      page_.note(escape(sentence));
    }
    if (!profile.damage().complete) {
      page_.note("This recording is incomplete: its recorder did not come to its end.");
    }
  }

  void write_headline() {
    const Findings findings = findings_of(*answer_);
    page_.write("\n");
    if (findings.slower + findings.faster == 0) {
      page_.write("{}\n", page_.style.title("Nothing changed beyond noise."));
    } else {
      const DiffRow top = first_finding(*answer_);
      const bool is_slower = top.verdict == Verdict::slower;
      const std::string figures =
          fmt::format("{} ({})", signed_duration(top.change.difference(), page_.terminal),
                      relative(top.change));
      const std::string label = is_slower ? "Slower: " : "Faster: ";
      const std::size_t used = label.size() + display_width(figures) + 2;
      const std::size_t room = page_.terminal.width - std::min(page_.terminal.width, used);
      page_.write("{}{}  {}\n", page_.style.title(label),
                  cut_end(top.short_name(), room, page_.ellipsis()), paint(figures, top.verdict));
    }
    write_speed();
    if (answer_->diff.matched < kLittleInCommon) {
      page_.note(
          fmt::format("Only {} of the time is in code that both recordings have: are they "
                      "of one program?",
                      percent(answer_->diff.matched)));
    }
  }

  void write_speed() {
    const analyze::Speed& speed = answer_->diff.runs.speeds.front();
    const double error = 2 * speed.deviation * speed.factor * 100;
    page_.note(
        fmt::format("Code that did not change takes {:.1f} % {} time in the second run ({}{:.1f}), "
                    "which is the "
                    "machine's doing or that of all code alike. What follows is without that.",
                    std::abs(speed.factor - 1) * 100, speed.factor < 1 ? "less" : "more",
                    plus_minus(page_.terminal), error));
    const std::size_t fewest =
        std::min(answer_->before_selection.samples.size(), answer_->after_selection.samples.size());
    if (fewest < kEnough) {
      page_.note(fmt::format(
          "One of them has {} samples: the speed told from so few may be wrong. Record for longer, "
          "or look more often (--rate, --budget).",
          count(fewest)));
    }
    if (!answer_->diff.speed_is_known()) {
      const auto [least, most] =
          std::ranges::minmax(answer_->diff.runs.speeds, {}, &analyze::Speed::factor);
      page_.note(
          fmt::format("That is not certain: {:+.1f} and {:+.1f} % explain the times as "
                      "well, so that less is found. Longer recordings tell more.",
                      (least.factor - 1) * 100, (most.factor - 1) * 100));
    }
  }

  [[nodiscard]] std::string paint(const std::string& text, Verdict verdict) const {
    switch (verdict) {
      case Verdict::slower: return page_.style.slower(text);
      case Verdict::faster: return page_.style.faster(text);
      case Verdict::same: return page_.style.dim(text);
    }
    return text;
  }

  // In the overview only what changed; a table that was asked for has all rows.
  void write_table(const char* title, std::vector<DiffRow> rows) {
    if (options_->view == DiffView::all) {
      std::erase_if(rows, [](const DiffRow& row) { return row.verdict == Verdict::same; });
      if (rows.empty()) {
        return;
      }
    }
    page_.heading(title);
    page_.write("{}\n", page_.style.dim(pad_start("change", kChangeCell) +
                                        pad_start(plus_minus(page_.terminal), kChangeCell) +
                                        pad_start("of it", kChangeCell) +
                                        pad_start("before", kChangeCell) + "  where"));
    const std::size_t shown = page_.limit(rows.size());
    for (std::size_t i = 0; i < shown; ++i) {
      write_row(rows[i]);
    }
    page_.say_hidden(shown, rows.size(), "rows");
  }

  void write_row(const DiffRow& row) {
    const Change& change = row.change;
    const double half =
        std::max(change.high - change.difference(), change.difference() - change.low);
    const std::string figures =
        pad_start(signed_duration(change.difference(), page_.terminal), kChangeCell) +
        pad_start(duration(half, page_.terminal), kChangeCell) +
        pad_start(relative(change), kChangeCell) +
        pad_start(change.before > 0 ? duration(change.before, page_.terminal) : "", kChangeCell);
    const std::size_t room = page_.terminal.width - std::min(page_.terminal.width, kNumbers + 1);
    page_.write("{}  {}\n", paint(figures, row.verdict), where(row, room));
  }

  // The place gets what the text leaves, but a part of it all in any case.
  [[nodiscard]] std::string where(const DiffRow& row, std::size_t width) const {
    const std::size_t least = std::min(width, std::max<std::size_t>(12, width * 2 / 5));
    const std::string note = row.note.empty() ? "" : " (" + row.note + ")";
    const std::size_t wanted = display_width(row.text) + note.size();
    const std::string place = cut_start(
        row.place, std::max(least, width - std::min(width, wanted + 2)), page_.ellipsis());
    const std::size_t used = note.size() + (place.empty() ? 0 : display_width(place) + 2);
    const std::size_t room = width - std::min(width, used);
    std::string shown = isolate(cut_end(row.text, room, page_.ellipsis())) + page_.style.dim(note);
    if (place.empty()) {
      return shown;
    }
    const std::string dim_place = page_.style.dim(place);
    return row.place_first ? dim_place + "  " + shown : shown + "  " + dim_place;
  }

  void write_notes() {
    page_.write("\n");
    if (answer_->diff.runs.noise > kUsualNoise) {
      page_.note(
          fmt::format("The runs differ in most places by some {:.0f} %, so that less is "
                      "found: was the machine busy?",
                      answer_->diff.runs.noise * 100));
    }
    page_.note(fmt::format(
        "Of {} comparisons, all intervals ({}) hold at once in 99 of 100 cases. Changes below "
        "{:.3g} % of all time are not told; a place with a tenth of it must change by {:.0f} % to "
        "be found.",
        count(answer_->diff.comparisons), plus_minus(page_.terminal), options_->threshold * 100,
        answer_->diff.detectable * 100));
  }

  const DiffAnswer* answer_;
  const DiffNames* names_;
  const DiffOptions* options_;
  ReportOptions report_options_;
  FunctionFilter everything_;
  Page page_;
};

}  // namespace

std::string render_diff(const DiffAnswer& answer, const DiffNames& names,
                        const DiffOptions& options, const Terminal& terminal) {
  return Writer(answer, names, options, terminal).write();
}

}  // namespace lancehead::show
