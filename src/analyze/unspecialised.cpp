#include "analyze/unspecialised.h"

#include <algorithm>

namespace lancehead::analyze {
namespace {

UnspecialisedReason reason_of(const InstructionRow& row, std::uint32_t failures) {
  if (!row.wanted) {
    return UnspecialisedReason::not_known;
  }
  if (row.wanted->empty()) {
    return UnspecialisedReason::no_form;
  }
  return failures > 0 ? UnspecialisedReason::operands : UnspecialisedReason::not_known;
}

// A share that may as well be nothing is no finding.
bool is_hot(const Share& share) {
  return share.share >= kWorthSpecialising && share.interval.half_width() <= share.share;
}

UnspecialisedRow make_row(const CodeListing& listing, const InstructionRow& instruction) {
  UnspecialisedRow row{.listing = &listing, .instruction = &instruction};
  for (const FormRow& form : instruction.forms) {
    if (form.form == code::Form::adaptive || form.form == code::Form::gave_up) {
      row.failures = std::max(row.failures, form.failures);
      row.gave_up = row.gave_up || form.form == code::Form::gave_up;
    }
  }
  row.reason = reason_of(instruction, row.failures);
  return row;
}

}  // namespace

std::string_view to_string(UnspecialisedReason reason) {
  switch (reason) {
    case UnspecialisedReason::not_known: return "not_known";
    case UnspecialisedReason::no_form: return "no_form";
    case UnspecialisedReason::operands: return "operands";
  }
  return "";
}

std::vector<UnspecialisedRow> hot_and_unspecialised(std::span<const CodeListing> listings) {
  std::vector<UnspecialisedRow> rows;
  for (const CodeListing& listing : listings) {
    for (const InstructionRow& instruction : listing.rows) {
      if (!listing.is_compiled && is_hot(instruction.unspecialised)) {
        rows.push_back(make_row(listing, instruction));
      }
    }
  }
  std::ranges::stable_sort(rows, std::ranges::greater(), [](const UnspecialisedRow& row) {
    return row.instruction->unspecialised.time;
  });
  return rows;
}

}  // namespace lancehead::analyze
