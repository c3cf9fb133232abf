// Instructions that are hot, could have been specialised by the interpreter, and were not.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analyze/instructions.h"

namespace lancehead::analyze {

// What the recording shows of why. Nothing is guessed: the values that the program had are not in
// it.
enum class UnspecialisedReason : std::uint8_t {
  not_known,
  no_form,   // the version has no specialised form for this operator
  operands,  // attempts failed, and operands alone decide: they were not what the forms are for
};

[[nodiscard]] std::string_view to_string(UnspecialisedReason reason);

struct UnspecialisedRow {
  const CodeListing* listing = nullptr;
  const InstructionRow* instruction = nullptr;
  UnspecialisedReason reason = UnspecialisedReason::not_known;
  std::uint32_t failures = 0;  // attempts to specialise it, at least
  bool gave_up = false;
};

// Less than this share of all time is not worth a remark.
inline constexpr double kWorthSpecialising = 0.01;

// By the time that they had while not specialised, largest first. Points into `listings`.
[[nodiscard]] std::vector<UnspecialisedRow> hot_and_unspecialised(
    std::span<const CodeListing> listings);

}  // namespace lancehead::analyze
