#include "show/instruction_json.h"

#include <string>
#include <string_view>

#include "code/python_version.h"
#include "show/expression_text.h"

namespace lancehead::show {
namespace {

using analyze::CodeListing;
using analyze::InstructionRow;

Json number_or_null(std::uint32_t number, std::uint32_t none) {
  return number == none ? Json(nullptr) : Json(number);
}

Json text_or_null(std::string_view text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json forms_json(const InstructionRow& row) {
  Json forms = Json::array();
  for (const analyze::FormRow& form : row.forms) {
    forms.push_back({{"form", code::to_string(form.form)},
                     {"opcode", form.opcode},
                     {"failures", form.failures},
                     {"ns", time_json(form.time)}});
  }
  return forms;
}

Json row_json(const InstructionRow& row) {
  return {{"offset", row.offset},
          {"opcode", row.opcode},
          {"argument", row.has_argument ? Json(row.argument) : Json(nullptr)},
          {"argument_text", row.argument_text},
          {"line", number_or_null(row.line, profile::kNoLine)},
          {"starts_line", row.starts_line},
          {"jump_target", row.is_jump_target},
          {"column", number_or_null(row.position.column, profile::kNoColumn)},
          {"end_line", number_or_null(row.position.end_line, profile::kNoLine)},
          {"end_column", number_or_null(row.position.end_column, profile::kNoColumn)},
          {"self", share_json(row.self)},
          {"can_specialise", row.can_specialise},
          {"forms", forms_json(row)}};
}

}  // namespace

Json listing_json(const profile::Profile& profile, const CodeListing& listing) {
  Json rows = Json::array();
  for (const InstructionRow& row : listing.rows) {
    rows.push_back(row_json(row));
  }
  Json handlers = Json::array();
  for (const code::ExceptionEntry& entry : listing.handlers) {
    handlers.push_back({{"begin", entry.begin},
                        {"end", entry.end},
                        {"target", entry.target},
                        {"depth", entry.depth},
                        {"lasti", entry.pushes_offset}});
  }
  return {{"function", function_json(profile, listing.function)},
          {"python", code::to_string(listing.version)},
          {"self", share_json(listing.self)},
          {"code_objects", listing.code_objects},
          {"compiled", listing.is_compiled},
          {"complete", listing.is_complete},
          {"instructions", rows},
          {"exception_table", handlers}};
}

Json unspecialised_json(const profile::Profile& profile, const analyze::UnspecialisedRow& row) {
  const InstructionRow& instruction = *row.instruction;
  const auto source = expression_text(profile, row.listing->function, instruction.position);
  return {{"function", function_json(profile, row.listing->function)},
          {"offset", instruction.offset},
          {"opcode", instruction.opcode},
          {"argument_text", instruction.argument_text},
          {"line", number_or_null(instruction.line, profile::kNoLine)},
          {"expression", text_or_null(source)},
          {"share", share_json(instruction.unspecialised)},
          {"failures", row.failures},
          {"gave_up", row.gave_up},
          {"reason", analyze::to_string(row.reason)},
          {"wanted", text_or_null(instruction.wanted.value_or(std::string_view()))},
          {"right_operand", text_or_null(instruction.literal)}};
}

}  // namespace lancehead::show
