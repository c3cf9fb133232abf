// The hottest lines, each with its source and, under it, its expressions in their places.
#include <algorithm>
#include <string>

#include "analyze/lines.h"
#include "show/figures.h"
#include "show/names.h"
#include "show/sections.h"
#include "show/text.h"

namespace lancehead::show {
namespace {

using analyze::ExpressionRow;
using analyze::LineRow;

// What is left of a line of the report for the source is never less than this.
constexpr std::size_t kLeastSource = 30;
constexpr std::size_t kNumbers = 26;  // columns of figures before the place
// Expressions below this part of the whole are within the error of looking.
constexpr double kLeastExpression = analyze::kExpressionFloor;
// Lines below this are not taken apart.
constexpr double kLeastLine = 0.02;
constexpr std::size_t kMostExpressions = 8;

double sort_value(const LineRow& row, SortOrder order) {
  switch (order) {
    case SortOrder::total: return row.total.time;
    case SortOrder::cpu: return row.self_split.cpu;
    case SortOrder::waiting: return row.self_split.waiting;
    case SortOrder::blocked: return row.self_split.blocked;
    default: break;
  }
  return row.self.time;
}

void sort_rows(const Page& page, std::vector<LineRow>& rows) {
  const SortOrder order = page.options.sort;
  if (order == SortOrder::name) {
    std::ranges::stable_sort(rows, {}, [&page](const LineRow& row) {
      return std::tuple(page.profile.function(row.functions.front()).file, row.line);
    });
    return;
  }
  std::ranges::stable_sort(rows, std::ranges::greater(),
                           [order](const LineRow& row) { return sort_value(row, order); });
}

std::optional<std::string_view> source_of(const Page& page, const LineRow& row) {
  return page.profile.source_line(page.profile.function(row.functions.front()).source, row.line);
}

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(" \t\f"), line.size());
}

// The rows under one line of the source.
class LineWriter {
 public:
  LineWriter(Page& page, const LineRow& row, std::size_t place_width)
      : page_(&page), row_(&row), place_width_(place_width) {
    if (const auto source = source_of(page, row)) {
      source_ = *source;
    }
    room_ = std::max(kLeastSource,
                     page.terminal.width - std::min(page.terminal.width, source_column()));
  }

  void write_line() {
    const std::string place =
        cut_start(place_name(page_->profile, row_->functions.front(), row_->line), place_width_,
                  page_->ellipsis());
    std::string source = page_->style.dim(
        cut_end(fmt::format("(in {}; its source is not kept)",
                            function_name(page_->profile, row_->functions.front())),
                room_, page_->ellipsis()));
    if (!source_.empty()) {
      source = isolate(
          cut_end(escape_source(source_.substr(indent_of(source_))), room_, page_->ellipsis()));
    }
    page_->write("{}{}  {}  {}\n",
                 page_->style.heat(share_cell(row_->self, page_->terminal), row_->self.share),
                 pad_start(percent(row_->total.share), kNumbers - kShareCell - 2),
                 page_->style.dim(pad_end(place, place_width_)), source);
  }

  // Nothing where there is no more to say than the line itself says.
  void write_expressions(std::size_t limit) {
    const auto shown = pick(limit);
    if (shown.empty()) {
      return;
    }
    for (const ExpressionRow* expression : shown) {
      write_expression(*expression);
    }
    write_rest(shown);
  }

 private:
  [[nodiscard]] std::size_t source_column() const { return kNumbers + place_width_ + 2; }

  [[nodiscard]] std::vector<const ExpressionRow*> pick(std::size_t limit) const {
    std::vector<const ExpressionRow*> picked;
    for (const ExpressionRow& expression : row_->expressions) {
      if (expression.self.share >= kLeastExpression && !is_trivial(expression)) {
        picked.push_back(&expression);
      }
    }
    if (limit > 0 && picked.size() > limit) {
      std::ranges::stable_sort(picked, std::ranges::greater(), [](const ExpressionRow* expression) {
        return expression->self.time;
      });
      picked.resize(limit);
      std::ranges::sort(picked);  // back into the order of the source
    }
    return picked;
  }

  // A bare name or number inside a larger expression: the load is told with it.
  [[nodiscard]] bool is_trivial(const ExpressionRow& expression) const {
    if (expression.depth == 0) {
      return false;
    }
    const std::string_view text = text_of(expression);
    return !text.empty() && text.find_first_not_of(
                                "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == std::string_view::npos;
  }

  // As it stands in the source; empty where the source is not there. Columns come from a file and
  // may point anywhere.
  [[nodiscard]] std::string_view text_of(const ExpressionRow& expression) const {
    const std::size_t begin = std::min<std::size_t>(expression.range.column, source_.size());
    const std::size_t end = expression.range.end_line == expression.range.line
                                ? std::min<std::size_t>(expression.range.end_column, source_.size())
                                : source_.size();
    return begin < end ? source_.substr(begin, end - begin) : std::string_view();
  }

  void write_expression(const ExpressionRow& expression) const {
    const std::string_view raw = text_of(expression);
    std::string text = escape_source(raw);
    if (raw.empty()) {
      text = fmt::format("columns {} to {}", expression.range.column, expression.range.end_column);
    }
    // Under its place in the line above, as far as there is room.
    const std::size_t indent = indent_of(source_);
    const std::size_t column = std::min<std::size_t>(expression.range.column, source_.size());
    const std::size_t place =
        raw.empty() || column < indent
            ? 0
            : display_width(escape_source(source_.substr(indent, column - indent)));
    const std::size_t width = std::min(display_width(text), room_);
    const std::size_t shift = std::min(place, room_ - width);
    write_row(
        expression.self,
        expression.own.time < expression.self.time ? "own " + percent(expression.own.share) : "",
        std::string(shift, ' ') + isolate(cut_end(text, room_, page_->ellipsis())));
  }

  // The line less its outermost rows above: the rest of the statement, and what was too small.
  void write_rest(const std::vector<const ExpressionRow*>& shown) const {
    analyze::Share rest = row_->self;
    const ExpressionRow* around = nullptr;
    for (const ExpressionRow* expression : shown) {
      if (around == nullptr || !is_inside(*expression, *around)) {
        rest.time -= expression->self.time;
        rest.share -= expression->self.share;
        around = expression;
      }
    }
    if (rest.share < 0.0005) {
      return;
    }
    const double half = std::max(row_->rest.interval.half_width(), analyze::kExpressionFloor);
    rest.interval = {.low = std::max(0.0, rest.share - half), .high = rest.share + half};
    write_row(rest, "", page_->style.dim("rest of the statement"));
  }

  static bool is_inside(const ExpressionRow& inner, const ExpressionRow& outer) {
    return inner.depth > outer.depth && inner.range.column >= outer.range.column &&
           std::pair(inner.range.end_line, inner.range.end_column) <=
               std::pair(outer.range.end_line, outer.range.end_column);
  }

  void write_row(const analyze::Share& share, const std::string& own,
                 const std::string& text) const {
    page_->write("{}{}  {}  {}\n", share_cell(share, page_->terminal),
                 page_->style.dim(pad_start(own, kNumbers - kShareCell - 2)),
                 std::string(place_width_, ' '), text);
  }

  Page* page_;
  const LineRow* row_;
  std::size_t place_width_;
  std::size_t room_ = kLeastSource;
  std::string_view source_;
};

std::size_t place_width(const Page& page, const std::vector<LineRow>& rows, std::size_t shown) {
  std::size_t widest = 4;
  for (std::size_t i = 0; i < shown; ++i) {
    widest = std::max(
        widest, display_width(place_name(page.profile, rows[i].functions.front(), rows[i].line)));
  }
  const std::size_t most = std::max<std::size_t>(16, page.terminal.width / 4);
  return std::min(widest, most);
}

std::string loops_text(const Page& page, const analyze::CompiledFunction& row) {
  constexpr std::size_t kMostLoops = 3;
  std::string text = function_name(page.profile, row.function) + ", compiled";
  for (std::size_t i = 0; i < std::min(kMostLoops, row.loops.size()); ++i) {
    text += fmt::format("{} {}", i == 0 ? ": loop in line" : ",", row.loops[i]);
  }
  return text;
}

// Functions that have no lines, before those that have: they are the hot ones.
void write_compiled(Page& page, const std::vector<analyze::CompiledFunction>& compiled,
                    std::size_t place_width) {
  for (const analyze::CompiledFunction& row : compiled) {
    const std::string place = cut_start(
        place_name(page.profile, row.function, page.profile.function(row.function).first_line),
        place_width, page.ellipsis());
    const std::size_t room =
        page.terminal.width - std::min(page.terminal.width, kNumbers + place_width + 2);
    page.write(
        "{}{}  {}  {}\n", page.style.heat(share_cell(row.self, page.terminal), row.self.share),
        std::string(kNumbers - kShareCell - 2, ' '), page.style.dim(pad_end(place, place_width)),
        cut_end(loops_text(page, row), room, page.ellipsis()));
  }
}

void explain_compiled(Page& page) {
  page.note(
      "The JIT ran compiled traces in some functions. Inside a trace the interpreter does not "
      "note where it is, so no line or expression of these functions can be told.");
}

void write_missing_columns(Page& page, const std::vector<LineRow>& rows, std::size_t shown) {
  for (std::size_t i = 0; i < shown; ++i) {
    if (!rows[i].has_columns && rows[i].self.share >= kLeastLine) {
      page.note(
          "Some lines have no expressions: the interpreter kept no columns for them, and "
          "their source could not be compiled again to the same bytecode.");
      return;
    }
  }
}

bool shows_any(const Page& page, const std::vector<profile::FunctionId>& functions) {
  return std::ranges::any_of(
      functions, [&page](profile::FunctionId function) { return page.shows(function); });
}

void write_rows(Page& page, const char* title, std::size_t expressions) {
  auto [rows, compiled] = analyze::lines(page.profile, page.selection);
  const bool by_total = page.options.sort == SortOrder::total;
  std::erase_if(rows, [&page, by_total](const LineRow& row) {
    return !shows_any(page, row.functions) || (!by_total && !(row.self.time > 0));
  });
  std::erase_if(compiled, [&page](const analyze::CompiledFunction& row) {
    return !page.shows(row.function);
  });
  sort_rows(page, rows);
  page.heading(title, share_base(page));
  const std::size_t shown = page.limit(rows.size());
  const std::size_t place = place_width(page, rows, shown);
  page.write("{}\n", page.style.dim(fmt::format("    self                 total  {}  source",
                                                pad_end("line", place))));
  write_compiled(page, compiled, place);
  for (std::size_t i = 0; i < shown; ++i) {
    LineWriter writer(page, rows[i], place);
    writer.write_line();
    if (rows[i].self.share >= kLeastLine) {
      writer.write_expressions(expressions);
    }
  }
  page.say_hidden(shown, rows.size(), "lines");
  write_missing_columns(page, rows, shown);
  if (!compiled.empty()) {
    explain_compiled(page);
  }
}

}  // namespace

void write_lines(Page& page) {
  write_rows(page, "Hottest lines", kMostExpressions);
}

void write_expressions(Page& page) {
  write_rows(page, "Expressions", 0);
}

}  // namespace lancehead::show
