// The bytecode of the hot functions, and what of it the interpreter could not specialise.
#include <algorithm>
#include <span>
#include <string>

#include "analyze/instructions.h"
#include "analyze/unspecialised.h"
#include "code/python_version.h"
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
constexpr std::size_t kShareColumn = kShareCell + 1;
constexpr std::size_t kWidestText = 86;  // longer lines are hard to read

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
  page.note("`lancehead report FILE NAME --by instruction` lists one of them; --limit 0 all.");
}

// "BINARY_OP (*)"
std::string name_of(const analyze::InstructionRow& instruction) {
  const bool is_operator = instruction.opcode == "BINARY_OP" || instruction.opcode == "COMPARE_OP";
  std::string_view operation = is_operator ? instruction.argument_text : std::string_view();
  if (constexpr std::string_view kBool = "bool("; operation.starts_with(kBool)) {
    operation = operation.substr(kBool.size(), operation.size() - kBool.size() - 1);
  }
  return operation.empty() ? std::string(instruction.opcode)
                           : fmt::format("{} ({})", instruction.opcode, escape(operation));
}

// An int beside a float can be written as a float, where only two of a kind go together.
std::string literal_text(const analyze::InstructionRow& instruction) {
  const std::string& literal = instruction.literal;
  const bool is_int = literal.find_first_not_of("-0123456789") == std::string::npos;
  const bool is_strict = instruction.wanted->find("two float") != std::string_view::npos &&
                         instruction.wanted->find("an int and a float") == std::string_view::npos;
  return is_int && is_strict
             ? fmt::format("Its right operand is {0}: if the left one is a float, {0}.0 would do.",
                           literal)
             : fmt::format("Its right operand is {}.", escape(literal));
}

// What forms there are, and what is known of the operands that were met.
std::string reason_text(const UnspecialisedRow& row) {
  const analyze::InstructionRow& instruction = *row.instruction;
  const std::string python = code::minor_string(row.listing->version);
  switch (row.reason) {
    case UnspecialisedReason::no_form:
      return fmt::format("CPython {} has no specialised form of {}.", python, name_of(instruction));
    case UnspecialisedReason::operands:
      return fmt::format(
          "CPython {} specialises {} for {}; what it met was something else, at least at times.{}",
          python, name_of(instruction), *instruction.wanted,
          instruction.literal.empty() ? "" : " " + literal_text(instruction));
    case UnspecialisedReason::not_known: break;
  }
  return row.failures > 0 ? "Attempts to specialise it failed; the reason is not known."
                          : "The reason is not known.";
}

void write_unspecialised_row(Page& page, const UnspecialisedRow& row) {
  const std::string indent(kShareColumn, ' ');
  const std::size_t width = page.terminal.width - std::min(page.terminal.width, indent.size() + 1);
  const analyze::InstructionRow& instruction = *row.instruction;
  const profile::FunctionId function = row.listing->function;
  const std::string_view source = expression_text(page.profile, function, instruction.position);
  const std::string text =
      isolate(cut_end(source.empty() ? name_of(instruction) : escape_source(source), width * 2 / 3,
                      page.ellipsis()));
  const std::string place =
      fmt::format("{}, at {} in {}", place_name(page.profile, function, instruction.line),
                  instruction.offset, function_name(page.profile, function));
  const analyze::Share& share = instruction.unspecialised;
  page.write("{}{}  {}\n",
             page.style.heat(pad_end(share_cell(share, page.terminal), kShareColumn), share.share),
             text,
             page.style.dim(cut_end(place, width - std::min(width, display_width(text) + 2),
                                    page.ellipsis())));
  for (const std::string& line : wrap(reason_text(row), std::min(width, kWidestText))) {
    page.write("{}{}\n", indent, line);
  }
}

void write_unspecialised(Page& page, const std::vector<UnspecialisedRow>& rows) {
  if (rows.empty()) {
    return;
  }
  page.heading("Hot and not specialised", share_base(page));
  const std::size_t shown = page.limit(rows.size());
  for (const UnspecialisedRow& row : std::span(rows).first(shown)) {
    write_unspecialised_row(page, row);
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
  const auto& flags = page.profile.tables().sessions.flags;
  if (has_forms && std::ranges::any_of(flags, [](schema::SessionFlags of_session) {
        return of_session.has(schema::SessionFlags::free_threaded);
      })) {
    page.note(
        "From 3.14 on the threads of a free-threaded build have copies of the bytecode; forms are "
        "those of the main thread's.");
  }
  if (has_forms) {
    page.note(
        "form: how the interpreter had rewritten the instruction for the types that it met, such "
        "as ADD_INT of BINARY_OP_ADD_INT; `then` where that changed. adaptive: it counts until it "
        "tries to; gave up: attempts failed so often that the next is thousands of runs away; with "
        "next, with previous: two are run as one. Blank: there is no other form of it.");
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
