#include "show/instruction_listing.h"

#include <algorithm>
#include <string>

#include "code/opcodes.h"
#include "code/python_version.h"
#include "code/specialisation.h"
#include "show/figures.h"
#include "show/names.h"
#include "show/text.h"

namespace lancehead::show {
namespace {

using analyze::CodeListing;
using analyze::FormRow;
using analyze::InstructionRow;
using code::Form;

constexpr std::size_t kOpcode = 20;  // as in dis
constexpr std::size_t kNarrowOpcode = 16;
constexpr std::size_t kNarrow = 96;  // columns of the terminal below which room is short
constexpr std::size_t kArgument = 4;
constexpr std::size_t kShareColumn = kShareCell + 1;
constexpr std::size_t kMark = 4;        // " >> "
constexpr std::size_t kLeastText = 34;  // of an instruction, whatever else has to give way
constexpr std::size_t kWidestForm = 36;
constexpr double kLeastShown = 0.0005;

// The part of a specialised name that the opcode does not say already.
std::string_view without_base(std::string_view name, std::string_view base) {
  if (name.size() > base.size() + 1 && name.starts_with(base) && name[base.size()] == '_') {
    name.remove_prefix(base.size() + 1);
  }
  return name;
}

std::string form_text(const InstructionRow& row, const FormRow& form) {
  switch (form.form) {
    case Form::generic: return "";
    case Form::specialised: return std::string(without_base(form.opcode, row.opcode));
    case Form::adaptive: return form.failures > 0 ? "adaptive, failed" : "adaptive";
    case Form::gave_up: return "gave up";
    case Form::paired: return "with next";
    case Form::covered: return "with previous";
    case Form::compiled: return "compiled";
    case Form::instrumented: return "instrumented";
    case Form::hidden: return "not known";
  }
  return "";
}

// "ADD_INT, ADD_FLOAT": one after the other over the run. What never had any time beside what had
// is left out: it was found on the way only.
std::string forms_text(const InstructionRow& row) {
  const bool any_time =
      std::ranges::any_of(row.forms, [](const FormRow& form) { return form.time > 0; });
  std::string text;
  for (const FormRow& form : row.forms) {
    const std::string one = form_text(row, form);
    if (!one.empty() && (form.time > 0 || !any_time)) {
      text += (text.empty() ? "" : ", then ") + one;
    }
  }
  return text;
}

std::string instruction_text(const InstructionRow& row, std::size_t opcode_width) {
  if (!row.has_argument) {
    return std::string(row.opcode);
  }
  std::string text = pad_end(row.opcode, opcode_width);
  const std::size_t end = opcode_width + kArgument;
  text += pad_start(fmt::format(" {}", row.argument), end - std::min(end, text.size()));
  if (!row.argument_text.empty()) {
    text += " (" + isolate(escape(row.argument_text)) + ")";
  }
  return text;
}

bool needs_heat(const InstructionRow& row) {
  return row.unspecialised.share >= 0.01;
}

class ListingWriter {
 public:
  ListingWriter(Page& page, const CodeListing& listing)
      : page_(&page),
        listing_(&listing),
        opcode_width_(page.terminal.width < kNarrow ? kNarrowOpcode : kOpcode) {
    std::uint32_t last_line = 0;
    for (const InstructionRow& row : listing.rows) {
      last_line = std::max(last_line, row.line);
      form_width_ = std::max(form_width_, display_width(forms_text(row)));
    }
    line_width_ = std::max<std::size_t>(4, std::to_string(last_line).size());
    offset_width_ = std::max<std::size_t>(
        4, listing.rows.empty() ? 0 : std::to_string(listing.rows.back().offset).size());
    form_width_ = std::min(form_width_, kWidestForm);
    const std::size_t left = kShareColumn + line_width_ + kMark + offset_width_ + 2;
    room_ = page.terminal.width - std::min(page.terminal.width, left);
    text_width_ = room_ > form_width_ + 2 ? room_ - form_width_ - 2 : room_;
    text_width_ = std::max(std::min(text_width_, widest_text()), kLeastText);
  }

  void write() {
    page_->write("{}\n", page_->style.dim(header()));
    bool is_first = true;
    for (const InstructionRow& row : listing_->rows) {
      if (row.starts_line && !is_first) {
        page_->write("\n");
      }
      is_first = false;
      write_row(row);
    }
    write_handlers();
  }

 private:
  [[nodiscard]] std::size_t widest_text() const {
    std::size_t widest = 0;
    for (const InstructionRow& row : listing_->rows) {
      if (!forms_text(row).empty()) {
        widest = std::max(widest, display_width(instruction_text(row, opcode_width_)));
      }
    }
    return widest;
  }

  [[nodiscard]] std::string header() const {
    return pad_end("    self", kShareColumn) + pad_start("line", line_width_) +
           std::string(kMark, ' ') + pad_start("at", offset_width_) + "  " +
           (form_width_ > 0 ? pad_end("instruction", text_width_) + "  form" : "instruction");
  }

  // A form that is too wide for its column begins before it, where the instruction leaves room.
  [[nodiscard]] std::size_t text_width_beside(const std::string& form, std::size_t text) const {
    const std::size_t wanted = display_width(form) + 2;
    return std::min(text_width_, std::max(text, room_ - std::min(room_, wanted)));
  }

  void write_row(const InstructionRow& row) const {
    const bool is_shown = !listing_->is_compiled && row.self.share >= kLeastShown;
    const std::string share =
        is_shown ? page_->style.heat(pad_end(share_cell(row.self, page_->terminal), kShareColumn),
                                     row.self.share)
                 : std::string(kShareColumn, ' ');
    const std::string line = !row.starts_line               ? ""
                             : row.line == profile::kNoLine ? "--"
                                                            : std::to_string(row.line);
    std::string text = instruction_text(row, opcode_width_);
    std::string form = forms_text(row);
    if (!form.empty()) {
      const std::size_t width = text_width_beside(form, display_width(text));
      text = pad_end(cut_end(text, width, page_->ellipsis()), width);
      form = cut_end(form, room_ - std::min(room_, width + 2), page_->ellipsis());
      form = "  " + (needs_heat(row) ? page_->style.warning(form) : page_->style.dim(form));
    } else {
      text = cut_end(text, room_, page_->ellipsis());
    }
    page_->write("{}{}{}{}  {}{}\n", share, page_->style.dim(pad_start(line, line_width_)),
                 row.is_jump_target ? " >> " : "    ",
                 pad_start(std::to_string(row.offset), offset_width_), text, form);
  }

  // In the words of dis, whose ranges end with the last instruction.
  void write_handlers() const {
    if (listing_->handlers.empty()) {
      return;
    }
    const std::string indent(kShareColumn, ' ');
    page_->write("\n{}{}\n", indent, page_->style.dim("exception table"));
    for (const code::ExceptionEntry& entry : listing_->handlers) {
      page_->write("{}{} to {} -> {} [{}]{}\n", indent, entry.begin,
                   entry.end - std::min<std::uint32_t>(entry.end, 2), entry.target, entry.depth,
                   entry.pushes_offset ? " lasti" : "");
    }
  }

  Page* page_;
  const CodeListing* listing_;
  std::size_t opcode_width_;
  std::size_t line_width_ = 4;
  std::size_t offset_width_ = 4;
  std::size_t form_width_ = 0;
  std::size_t room_ = 0;
  std::size_t text_width_ = 0;
};

void explain_gaps(Page& page, const CodeListing& listing) {
  if (listing.rows.empty()) {
    page.note(code::opcodes_of(listing.version) == nullptr
                  ? fmt::format("The opcodes of CPython {} are not known to this lancehead.",
                                code::minor_string(listing.version))
                  : "Its bytecode is not in the recording.");
  }
  if (listing.is_compiled) {
    page.note(
        "The JIT ran compiled traces of this function. Inside a trace the interpreter does not "
        "note where it is, so instructions have no shares.");
  }
  if (!listing.is_complete) {
    page.note("A tool or the JIT put its own opcodes in the place of some, which are not known.");
  }
  const bool has_forms = std::ranges::any_of(
      listing.rows, [](const InstructionRow& row) { return !row.forms.empty(); });
  if (listing.version.at_least(11) && !listing.rows.empty() && !has_forms) {
    page.note(
        "Its forms are not known: it was not hot at a moment when the bytecode was read again.");
  }
  if (listing.code_objects > 1) {
    page.note(
        fmt::format("{} equal code objects are counted together.", count(listing.code_objects)));
  }
}

}  // namespace

void write_listing(Page& page, const CodeListing& listing) {
  const std::string place = place_name(page.profile, listing.function,
                                       page.profile.function(listing.function).first_line);
  const std::string note =
      fmt::format("{}{}{}", cut_start(place, page.terminal.width / 2, page.ellipsis()),
                  place.empty() ? "" : "  ", percent(listing.self.share));
  page.heading(cut_end(function_name(page.profile, listing.function),
                       page.terminal.width - std::min(page.terminal.width, display_width(note) + 2),
                       page.ellipsis()),
               note);
  if (!listing.rows.empty()) {
    ListingWriter(page, listing).write();
  }
  explain_gaps(page, listing);
}

}  // namespace lancehead::show
