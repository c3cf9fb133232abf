// The bytecode of the hot functions, and what of it the interpreter could not specialise.
#include <algorithm>
#include <span>
#include <string>

#include "analyze/instructions.h"
#include "analyze/unspecialised.h"
#include "show/expression_text.h"
#include "show/figures.h"
#include "show/instruction_listing.h"
#include "show/names.h"
#include "show/sections.h"
#include "show/text.h"

namespace lancehead::show {
namespace {

using analyze::CodeListing;
using analyze::UnspecialisedReason;
using analyze::UnspecialisedRow;

// Without a question, only functions that matter are listed whole, and not many.
constexpr double kWorthAListing = 0.1;
constexpr std::size_t kMostListings = 3;

std::size_t whole_listings(const Page& page, const std::vector<CodeListing>& listings) {
  if (page.options.limit || !page.filter.is_empty()) {
    return page.limit(listings.size());
  }
  std::size_t shown = std::min<std::size_t>(1, listings.size());
  while (shown < std::min(kMostListings, listings.size()) &&
         listings[shown].self.share >= kWorthAListing) {
    ++shown;
  }
  return shown;
}

void write_others(Page& page, std::span<const CodeListing> others) {
  if (others.empty()) {
    return;
  }
  page.heading("Other functions", share_base(page));
  const std::size_t shown = std::min(kDefaultLimit, others.size());
  for (const CodeListing& other : others.first(shown)) {
    page.write("{}  {}\n", share_cell(other.self, page.terminal),
               page.function_and_place(
                   other.function, page.profile.function(other.function).first_line,
                   page.terminal.width - std::min(page.terminal.width, kShareCell + 2)));
  }
  page.say_hidden(shown, others.size(), "functions");
  page.note("Name one behind the recording to see its bytecode; --limit 0 lists all.");
}

// The operands that a form exists for, and what is known of those that were met.
std::string reason_text(const UnspecialisedRow& row) {
  const analyze::InstructionRow& instruction = *row.instruction;
  const std::string python = code::minor_string(row.listing->version);
  const std::string what =
      instruction.argument_text.empty()
          ? std::string(instruction.opcode)
          : fmt::format("{} ({})", instruction.opcode, escape(instruction.argument_text));
  switch (row.reason) {
    case UnspecialisedReason::no_form:
      return fmt::format("CPython {} has no specialised form of {}.", python, what);
    case UnspecialisedReason::operands: {
      std::string text = fmt::format("CPython {} specialises {} for {} only; here it met others.",
                                     python, what, *instruction.wanted);
      if (!instruction.literal.empty()) {
        text += fmt::format(" The right one is always {}.", escape(instruction.literal));
      }
      return text;
    }
    case UnspecialisedReason::not_known: break;
  }
  return row.failures > 0 ? "Attempts to specialise it failed; the reason is not known."
                          : "The reason is not known.";
}

void write_unspecialised(Page& page, const std::vector<UnspecialisedRow>& rows) {
  if (rows.empty()) {
    return;
  }
  page.heading("Hot and not specialised", share_base(page));
  const std::size_t shown = page.limit(rows.size());
  const std::string indent(kShareCell + 1, ' ');
  const std::size_t width = page.terminal.width - std::min(page.terminal.width, indent.size() + 1);
  for (const UnspecialisedRow& row : std::span(rows).first(shown)) {
    const std::string_view source =
        expression_text(page.profile, row.listing->function, row.instruction->position);
    const std::string where = fmt::format("at {} in {}", row.instruction->offset,
                                          function_name(page.profile, row.listing->function));
    const std::string place =
        place_name(page.profile, row.listing->function, row.instruction->line);
    std::string text =
        source.empty() ? std::string(row.instruction->opcode) : isolate(escape_source(source));
    text = cut_end(text, width / 2, page.ellipsis());
    const std::string rest = cut_end(fmt::format("{}, {}", place, where),
                                     width - std::min(width, width / 2 + 2), page.ellipsis());
    const analyze::Share& share = row.instruction->unspecialised;
    page.write("{} {}  {}\n", page.style.heat(share_cell(share, page.terminal), share.share), text,
               page.style.dim(rest));
    for (const std::string& line : wrap(reason_text(row), width)) {
      page.write("{}{}\n", indent, line);
    }
  }
  page.say_hidden(shown, rows.size(), "instructions");
}

void explain(Page& page, const std::vector<CodeListing>& listings) {
  page.write("\n");
  page.note(
      "self: the program was in that very instruction. >> is what a jump or an exception goes to; "
      "numbers of jumps are offsets in bytes.");
  const bool has_forms = std::ranges::any_of(listings, [](const CodeListing& listing) {
    return listing.version.at_least(11) && !listing.rows.empty();
  });
  if (has_forms) {
    page.note(
        "form: how the interpreter had rewritten the instruction for the types that it met, such "
        "as ADD_INT of BINARY_OP_ADD_INT; `then` where that changed. adaptive: it counts until it "
        "tries to; gave up: attempts failed so often that the next is thousands of runs away. "
        "Blank: there is no other form of it.");
  }
}

}  // namespace

void write_instructions(Page& page) {
  auto listings = analyze::code_listings(page.profile, page.selection);
  std::erase_if(listings,
                [&page](const CodeListing& listing) { return !page.shows(listing.function); });
  if (listings.empty()) {
    page.write("\nNo sample was taken inside the bytecode of what was asked for.\n");
    return;
  }
  const std::size_t shown = whole_listings(page, listings);
  for (const CodeListing& listing : std::span(listings).first(shown)) {
    write_listing(page, listing);
  }
  write_others(page, std::span(listings).subspan(shown));
  write_unspecialised(page, analyze::hot_and_unspecialised(listings));
  explain(page, listings);
}

}  // namespace lancehead::show
