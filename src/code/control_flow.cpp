#include "code/control_flow.h"

#include <algorithm>
#include <string_view>

#include "code/opcodes.h"

namespace lancehead::code {
namespace {

struct NamedFlow {
  std::string_view name;
  ControlFlow flow;
};

// What the table of jumps does not say. Names that a version lacks are passed over; none changed
// its meaning but END_FINALLY, which only 3.8 has.
constexpr NamedFlow kSpecial[] = {
    {"RETURN_VALUE", {.flow = Flow::leave}},
    {"RETURN_CONST", {.flow = Flow::leave}},
    {"INTERPRETER_EXIT", {.flow = Flow::leave}},
    {"RAISE_VARARGS", {.flow = Flow::raise}},
    {"RERAISE", {.flow = Flow::raise}},
    // Passes an exception on where it is not the one that it is for.
    {"END_ASYNC_FOR", {.flow = Flow::may_reraise, .only_names_target = true}},
    {"CLEANUP_THROW", {.flow = Flow::may_reraise}},
    // Also returns to behind a CALL_FINALLY.
    {"END_FINALLY", {.flow = Flow::may_reraise}},
    {"YIELD_VALUE", {.flow = Flow::suspend}},
    {"YIELD_FROM", {.flow = Flow::suspend}},
    {"JUMP_FORWARD", {.flow = Flow::jump}},
    {"JUMP_ABSOLUTE", {.flow = Flow::jump}},
    {"JUMP_BACKWARD", {.flow = Flow::jump}},
    {"JUMP_BACKWARD_NO_INTERRUPT", {.flow = Flow::jump}},
    {"CALL_FINALLY", {.flow = Flow::jump}},
    {"SETUP_FINALLY", {.begins_guard = true, .only_names_target = true}},
    {"SETUP_WITH", {.begins_guard = true, .only_names_target = true}},
    {"SETUP_ASYNC_WITH", {.begins_guard = true, .only_names_target = true}},
    {"POP_BLOCK", {.ends_guard = true}},
    // FOR_ITER jumps to END_FOR or to behind it; POP_ITER and NOT_TAKEN are where monitoring
    // reports a branch; a generator is asked what it awaits by the RESUME behind its YIELD_VALUE.
    {"END_FOR", {.prefix = Prefix::stays_first}},
    {"END_SEND", {.prefix = Prefix::stays_first}},
    {"POP_ITER", {.prefix = Prefix::stays_first}},
    {"NOT_TAKEN", {.prefix = Prefix::stays_first}},
    {"RESUME", {.prefix = Prefix::stays_first}},
};

}  // namespace

ControlFlowTable::ControlFlowTable(const OpcodeTable& opcodes) {
  for (std::size_t opcode = 0; opcode < rows_.size(); ++opcode) {
    const OpcodeInfo& info = opcodes[static_cast<std::uint8_t>(opcode)];
    const auto* const special = std::ranges::find(kSpecial, info.name, &NamedFlow::name);
    if (special != std::end(kSpecial)) {
      rows_[opcode] = special->flow;
    } else if (info.has(kJump)) {
      rows_[opcode].flow = Flow::branch;
    }
  }
}

std::uint8_t ControlFlowTable::opcode(const OpcodeTable& opcodes, const char* name) {
  const auto* const found =
      std::ranges::find(opcodes.opcodes, std::string_view(name), &OpcodeInfo::name);
  return found == opcodes.opcodes.end()
             ? std::uint8_t{0}
             : static_cast<std::uint8_t>(found - opcodes.opcodes.begin());
}

const ControlFlowTable& control_flow_of(const OpcodeTable& opcodes) {
  static const std::array<ControlFlowTable, 8> tables = {
      ControlFlowTable(opcodes_3_8()),  ControlFlowTable(opcodes_3_9()),
      ControlFlowTable(opcodes_3_10()), ControlFlowTable(opcodes_3_11()),
      ControlFlowTable(opcodes_3_12()), ControlFlowTable(opcodes_3_13()),
      ControlFlowTable(opcodes_3_14()), ControlFlowTable(opcodes_3_15())};
  return tables[std::min<std::size_t>(opcodes.minor - 8U, tables.size() - 1)];
}

}  // namespace lancehead::code
