// The control flow of a code object: stretches of instructions and the ways between them.
//
// The graph is a circulation: whatever enters a stretch leaves it, through a way or by an
// exception. The outside of the function is one more vertex, from which it is entered and to which
// it returns, raises and is abandoned. Exceptions raised on the way are no ways of the graph: where
// they leave a stretch is only known when they do (FlowCounts::raised). An exception that is passed
// on by the code that caught it leaves to the outside and comes back from there to its handler.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "code/control_flow.h"
#include "code/exception_table.h"
#include "code/instructions.h"
#include "code/python_version.h"

namespace lancehead::code {

using BlockId = Id<struct FlowBlockTag>;  // none is the outside
using WayId = Id<struct FlowWayTag>;

// What of a code object decides about its flow and its lines.
struct CodeText {
  PythonVersion version;
  std::vector<std::uint8_t> bytecode;  // as compiled: base opcodes, caches of zeros
  std::vector<std::uint8_t> line_table;
  std::vector<std::uint8_t> exception_table;
  std::uint32_t first_line = 0;
};

enum class WayKind : std::uint8_t {
  enter,      // from the outside to the first instruction
  fall,       // to the instruction behind
  jump,       // to a target
  resume,     // from a suspended frame to the instruction behind
  leave,      // to the outside, by the last instruction: return, raise
  lose,       // to the outside, unseen: never resumed, or an exception passed on
  come_back,  // from the outside: behind a CALL_FINALLY
  rethrow,    // from the outside to a handler, with an exception that was passed on
};

struct Way {
  WayKind kind = WayKind::fall;
  BlockId from, to;
};

// Instructions [first, last], entered at the first only and left at the last, but for exceptions.
struct FlowBlock {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  bool is_handler = false;   // entered by exceptions, too
  std::uint32_t prefix = 0;  // so many instructions at its head must stay there
  std::uint32_t loops = 0;   // so many loops are around it
};

enum class FlowFault : std::uint8_t {
  unknown_opcode,
  bad_jump,  // a target that is no instruction
  bad_exception_table,
  mixed_guards,  // an instruction that is guarded by one handler or another
};

[[nodiscard]] std::string_view to_string(FlowFault fault);

class FlowGraph {
 public:
  [[nodiscard]] static std::expected<FlowGraph, FlowFault> build(const CodeText& code);

  [[nodiscard]] std::span<const Instruction> instructions() const { return instructions_; }
  [[nodiscard]] std::span<const FlowBlock> blocks() const { return blocks_; }
  [[nodiscard]] std::span<const Way> ways() const { return ways_; }
  [[nodiscard]] std::span<const ExceptionEntry> guards() const { return guards_; }
  [[nodiscard]] const FlowBlock& block(BlockId id) const { return blocks_[id.row()]; }
  // As ControlFlowTable has it, but for the loop of `await` and `yield from` from 3.11 on:
  //
  //     again: SEND done; YIELD_VALUE; RESUME; JUMP_BACKWARD_NO_INTERRUPT again; done: ...
  //
  // How often it goes round is nobody's question, and counting it would cost most of what such a
  // frame does. It is part of one stretch, which suspends once, at its last instruction, as
  // YIELD_FROM does up to 3.10.
  [[nodiscard]] const ControlFlow& flow(std::uint32_t instruction) const {
    return flows_[instruction];
  }
  [[nodiscard]] BlockId block_of(std::uint32_t instruction) const { return block_of_[instruction]; }
  // The block that catches an exception raised at the instruction; none where nothing does.
  [[nodiscard]] BlockId handler_of(std::uint32_t instruction) const {
    return handler_of_[instruction];
  }
  // So many instructions at the start are the prologue, up to the RESUME by which the frame is
  // entered and a generator begins (from 3.11 on). Exceptions in there are not in the flow.
  [[nodiscard]] std::uint32_t prologue_size() const { return prologue_size_; }
  // The instruction at, or around, a byte offset; none outside the bytecode.
  [[nodiscard]] std::uint32_t instruction_at(std::uint32_t offset) const {
    return offset / 2 < at_.size() ? at_[offset / 2] : kNoInstruction;
  }
  // Where an exception seen at `instruction` left the flow. A frame that was suspended is thrown
  // into at the RESUME behind, which then has not run. None for the prologue and for
  // instructions that always raise: their exceptions are ways.
  [[nodiscard]] std::uint32_t raising_instruction(std::uint32_t instruction) const;

  static constexpr std::uint32_t kNoInstruction = 0xFFFFFFFF;

 private:
  struct Builder;

  std::vector<Instruction> instructions_;
  std::vector<ControlFlow> flows_;  // by instruction
  std::vector<std::uint32_t> at_;   // by unit of two bytes
  std::vector<FlowBlock> blocks_;
  std::vector<BlockId> block_of_;
  std::vector<BlockId> handler_of_;
  std::vector<Way> ways_;
  std::vector<ExceptionEntry> guards_;
  std::uint32_t prologue_size_ = 0;
};

}  // namespace lancehead::code
