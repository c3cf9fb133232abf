#include "code/flow_graph.h"

#include <algorithm>
#include <optional>

#include "code/opcodes.h"

namespace lancehead::code {
namespace {

constexpr std::uint32_t kNone = FlowGraph::kNoInstruction;

bool ends_block(Flow flow) {
  return flow != Flow::next;
}

bool falls(Flow flow) {
  return flow == Flow::next || flow == Flow::branch || flow == Flow::may_reraise;
}

}  // namespace

// Works on the parts of one graph, step by step.
struct FlowGraph::Builder {
  FlowGraph graph;
  const OpcodeTable& opcodes;
  std::vector<bool> leads;             // begins a block
  std::vector<bool> returned;          // behind a CALL_FINALLY
  std::vector<bool> awaits;            // in the loop of an await, but its last instruction
  std::vector<std::uint32_t> awaited;  // by the last instruction of such a loop: where it goes on
  std::vector<std::uint32_t> target;   // of jumps and of begun guards, as instructions

  explicit Builder(const OpcodeTable& table) : opcodes(table) {}

  [[nodiscard]] std::uint32_t count() const {
    return static_cast<std::uint32_t>(graph.instructions_.size());
  }

  std::optional<FlowFault> read(const CodeText& code);
  std::optional<FlowFault> find_targets();
  void fold_awaits();
  [[nodiscard]] bool is_await(std::uint32_t send) const;
  std::optional<FlowFault> mark_leaders();
  [[nodiscard]] bool stays_first(std::uint32_t instruction) const;
  void cut_blocks();
  std::optional<FlowFault> follow_guards();
  std::optional<FlowFault> follow_guards_from(std::uint32_t start);
  void use_exception_table();
  void join();
  void join_last(BlockId id, const FlowBlock& block);
  void nest_loops();
};

std::optional<FlowFault> FlowGraph::Builder::read(const CodeText& code) {
  graph.instructions_ = code::instructions(opcodes, code.bytecode);
  graph.at_.assign(code.bytecode.size() / 2, kNone);
  for (std::uint32_t i = 0; i < count(); ++i) {
    const Instruction& one = graph.instructions_[i];
    if (!opcodes[one.opcode].is_known() || one.opcode != one.base) {
      return FlowFault::unknown_opcode;
    }
    for (std::uint32_t at = one.start; at < one.end(); at += 2) {
      graph.at_[at / 2] = i;
    }
    graph.flows_.push_back(control_flow_of(opcodes)[one.base]);
  }
  if (graph.instructions_.empty() || graph.at_.back() == kNone) {
    return FlowFault::unknown_opcode;
  }
  graph.guards_ = decode_exception_table(code.exception_table);
  if (encode_exception_table(graph.guards_) != code.exception_table) {
    return FlowFault::bad_exception_table;  // no compiler wrote this
  }
  const std::uint8_t resume = ControlFlowTable::opcode(opcodes, "RESUME");
  if (opcodes.minor >= 11) {
    // A generator expression of 3.15 evaluates its iterable before it becomes a generator.
    const auto generator = std::ranges::find(graph.instructions_,
                                             ControlFlowTable::opcode(opcodes, "RETURN_GENERATOR"),
                                             &Instruction::base);
    const auto begin =
        generator == graph.instructions_.end() ? graph.instructions_.begin() : generator;
    const auto first =
        std::ranges::find(begin, graph.instructions_.end(), resume, &Instruction::base);
    graph.prologue_size_ =
        first == graph.instructions_.end()
            ? 0
            : static_cast<std::uint32_t>(first - graph.instructions_.begin()) + 1;
  }
  return std::nullopt;
}

std::optional<FlowFault> FlowGraph::Builder::find_targets() {
  target.assign(count(), kNone);
  for (std::uint32_t i = 0; i < count(); ++i) {
    const ControlFlow& flow = graph.flow(i);
    const bool jumps = flow.flow == Flow::jump || flow.flow == Flow::branch || flow.begins_guard;
    if (!jumps) {
      continue;
    }
    const auto offset = jump_target(opcodes, graph.instructions_[i]);
    const std::uint32_t found = offset ? graph.instruction_at(*offset) : kNone;
    if (found == kNone || graph.instructions_[found].start != *offset) {
      return FlowFault::bad_jump;
    }
    target[i] = found;
  }
  return std::nullopt;
}

constexpr std::uint32_t kAwaitSize = 4;

bool FlowGraph::Builder::is_await(std::uint32_t send) const {
  constexpr std::string_view kLoop[kAwaitSize] = {"SEND", "YIELD_VALUE", "RESUME",
                                                  "JUMP_BACKWARD_NO_INTERRUPT"};
  const std::uint32_t end = send + kAwaitSize;
  const auto is = [&](std::uint32_t i, std::string_view name) {
    return opcodes[graph.instructions_[i].base].name == name;
  };
  if (end + 1 >= count() || target[end - 1] != send) {
    return false;
  }
  // What cleans up behind a throw may stand in between.
  if (target[send] != end && !(target[send] == end + 1 && is(end, "CLEANUP_THROW"))) {
    return false;
  }
  for (std::uint32_t i = send; i < end; ++i) {
    if (!is(i, kLoop[i - send])) {
      return false;
    }
  }
  const auto is_inside = [&](std::uint32_t to) { return to > send && to < end; };
  return std::ranges::none_of(target, is_inside) &&
         std::ranges::none_of(graph.guards_, [&](const ExceptionEntry& guard) {
           return is_inside(graph.instruction_at(guard.target));
         });
}

void FlowGraph::Builder::fold_awaits() {
  awaits.assign(count(), false);
  awaited.assign(count(), kNone);
  for (std::uint32_t i = graph.prologue_size_; i < count(); ++i) {
    if (!is_await(i)) {
      continue;
    }
    const std::uint32_t last = i + kAwaitSize - 1;
    std::fill(awaits.begin() + i, awaits.begin() + last, true);
    graph.flows_[i].flow = Flow::next;
    graph.flows_[last].flow = Flow::suspend;
    awaited[last] = target[i];
    target[i] = kNone;
    target[last] = kNone;
  }
}

std::optional<FlowFault> FlowGraph::Builder::mark_leaders() {
  leads.assign(count(), false);
  returned.assign(count(), false);
  leads[0] = true;
  const std::uint8_t call_finally = ControlFlowTable::opcode(opcodes, "CALL_FINALLY");
  for (std::uint32_t i = 0; i < count(); ++i) {
    for (const std::uint32_t to : {target[i], awaited[i]}) {
      if (to != kNone) {
        leads[to] = true;
      }
    }
    if (ends_block(graph.flow(i).flow) && !awaits[i] && i + 1 < count()) {
      leads[i + 1] = true;
      returned[i + 1] = call_finally != 0 && graph.instructions_[i].base == call_finally;
    }
  }
  for (const ExceptionEntry& guard : graph.guards_) {
    const std::uint32_t handler = graph.instruction_at(guard.target);
    if (handler == kNone || graph.instructions_[handler].start != guard.target) {
      return FlowFault::bad_exception_table;
    }
    leads[handler] = true;
  }
  return std::nullopt;
}

// FOR_ITER of 3.13 also jumps over the POP_TOP behind END_FOR.
bool FlowGraph::Builder::stays_first(std::uint32_t instruction) const {
  const auto is = [&](std::uint32_t i, const char* name) {
    return graph.instructions_[i].base == ControlFlowTable::opcode(opcodes, name);
  };
  return graph.flow(instruction).prefix == Prefix::stays_first ||
         (opcodes.minor == 13 && instruction > 0 && is(instruction, "POP_TOP") &&
          is(instruction - 1, "END_FOR"));
}

void FlowGraph::Builder::cut_blocks() {
  for (std::uint32_t i = 0; i < count(); ++i) {
    if (leads[i]) {
      graph.blocks_.push_back({.first = i, .last = i});
    }
    graph.blocks_.back().last = i;
    graph.block_of_.emplace_back(graph.blocks_.size() - 1);
  }
  for (FlowBlock& block : graph.blocks_) {
    std::uint32_t at = block.first;
    // The whole prologue stays in front of the first RESUME.
    if (block.first == 0 && graph.prologue_size_ <= block.last + 1) {
      at = graph.prologue_size_;
    }
    while (at <= block.last && stays_first(at)) {
      ++at;
    }
    block.prefix = at - block.first;
  }
}

void FlowGraph::Builder::use_exception_table() {
  for (const ExceptionEntry& guard : graph.guards_) {
    const BlockId handler = graph.block_of_[graph.instruction_at(guard.target)];
    graph.blocks_[handler.row()].is_handler = true;
    for (std::uint32_t i = 0; i < count(); ++i) {
      const std::uint32_t offset = graph.instructions_[i].offset;
      if (offset >= guard.begin && offset < guard.end) {
        graph.handler_of_[i] = handler;
      }
    }
  }
}

// Up to 3.10 guards are begun and ended by instructions: what guards an instruction follows from
// the way to it, and compilers see to it that all ways agree.
std::optional<FlowFault> FlowGraph::Builder::follow_guards_from(std::uint32_t start) {
  using Stack = std::vector<std::uint32_t>;  // handlers, the innermost last
  std::vector<std::optional<Stack>> before(count());
  std::vector<std::uint32_t> open = {start};
  before[start] = Stack();
  std::optional<FlowFault> fault;
  const auto reach = [&](std::uint32_t to, const Stack& stack) {
    if (to >= count()) {
      fault = FlowFault::bad_jump;
    } else if (!before[to]) {
      before[to] = stack;
      open.push_back(to);
    } else if (*before[to] != stack) {
      fault = FlowFault::mixed_guards;
    }
  };
  while (!open.empty() && !fault) {
    const std::uint32_t i = open.back();
    open.pop_back();
    Stack stack = *before[i];
    if (!stack.empty()) {
      graph.handler_of_[i] = graph.block_of_[stack.back()];
    }
    const ControlFlow& flow = graph.flow(i);
    if (flow.begins_guard) {
      reach(target[i], stack);
      graph.blocks_[graph.block_of_[target[i]].row()].is_handler = true;
      stack.push_back(target[i]);
    } else if (flow.ends_guard && !stack.empty()) {
      stack.pop_back();
    }
    if (flow.flow == Flow::jump || flow.flow == Flow::branch) {
      reach(target[i], stack);
    }
    if (falls(flow.flow) || flow.flow == Flow::suspend || (i + 1 < count() && returned[i + 1])) {
      reach(i + 1, stack);
    }
  }
  return fault;
}

std::optional<FlowFault> FlowGraph::Builder::follow_guards() {
  graph.handler_of_.assign(count(), BlockId());
  if (opcodes.minor >= 11) {
    use_exception_table();
    return std::nullopt;
  }
  return follow_guards_from(0);
}

void FlowGraph::Builder::join_last(BlockId id, const FlowBlock& block) {
  const auto add = [&](WayKind kind, BlockId to) {
    graph.ways_.push_back({.kind = kind, .from = id, .to = to});
  };
  const Flow flow = graph.flow(block.last).flow;
  const BlockId behind = block.last + 1 < count() ? graph.block_of_[block.last + 1] : BlockId();
  switch (flow) {
    case Flow::jump: add(WayKind::jump, graph.block_of_[target[block.last]]); break;
    case Flow::branch:
      add(WayKind::fall, behind);
      add(WayKind::jump, graph.block_of_[target[block.last]]);
      break;
    case Flow::leave:
    case Flow::raise: add(WayKind::leave, BlockId()); break;
    case Flow::may_reraise:
      add(WayKind::fall, behind);
      add(WayKind::lose, BlockId());
      break;
    case Flow::suspend:
      add(WayKind::resume,
          awaited[block.last] == kNone ? behind : graph.block_of_[awaited[block.last]]);
      add(WayKind::lose, BlockId());
      break;
    case Flow::next: add(WayKind::fall, behind); break;
  }
}

void FlowGraph::Builder::join() {
  graph.ways_.push_back({.kind = WayKind::enter, .from = BlockId(), .to = BlockId(0)});
  for (std::size_t row = 0; row < graph.blocks_.size(); ++row) {
    const FlowBlock& block = graph.blocks_[row];
    const BlockId id(row);
    if (returned[block.first]) {
      graph.ways_.push_back({.kind = WayKind::come_back, .from = BlockId(), .to = id});
    }
    if (block.is_handler) {
      graph.ways_.push_back({.kind = WayKind::rethrow, .from = BlockId(), .to = id});
    }
    join_last(id, block);
  }
}

// The natural loop of each jump back: the blocks that its target leads to and that lead to it. A
// handler that stands at the end of the function and goes on in its middle is none.
void FlowGraph::Builder::nest_loops() {
  const std::size_t blocks = graph.blocks_.size();
  std::vector<std::vector<std::size_t>> to(blocks);
  std::vector<std::vector<std::size_t>> from(blocks);
  for (const Way& way : graph.ways_) {
    if (way.from && way.to) {
      to[way.from.row()].push_back(way.to.row());
      from[way.to.row()].push_back(way.from.row());
    }
  }
  const auto reached = [](const std::vector<std::vector<std::size_t>>& next, std::size_t start,
                          std::size_t border) {
    std::vector<bool> seen(next.size());
    std::vector<std::size_t> open = {start};
    seen[start] = true;
    while (!open.empty()) {
      const std::size_t at = open.back();
      open.pop_back();
      for (const std::size_t one : at == border ? std::vector<std::size_t>() : next[at]) {
        if (!seen[one]) {
          seen[one] = true;
          open.push_back(one);
        }
      }
    }
    return seen;
  };
  for (const Way& way : graph.ways_) {
    if (way.kind != WayKind::jump || way.to.row() > way.from.row()) {
      continue;
    }
    const std::vector<bool> before = reached(from, way.from.row(), way.to.row());
    if (!before[way.to.row()]) {
      continue;
    }
    const std::vector<bool> behind = reached(to, way.to.row(), way.from.row());
    for (std::size_t row = 0; row < blocks; ++row) {
      graph.blocks_[row].loops += before[row] && behind[row] ? 1U : 0U;
    }
  }
}

std::expected<FlowGraph, FlowFault> FlowGraph::build(const CodeText& code) {
  const OpcodeTable* opcodes = opcodes_of(code.version);
  if (opcodes == nullptr) {
    return std::unexpected(FlowFault::unknown_opcode);
  }
  Builder builder(*opcodes);
  if (const auto fault = builder.read(code)) {
    return std::unexpected(*fault);
  }
  if (const auto fault = builder.find_targets()) {
    return std::unexpected(*fault);
  }
  builder.fold_awaits();
  if (const auto fault = builder.mark_leaders()) {
    return std::unexpected(*fault);
  }
  builder.cut_blocks();
  if (const auto fault = builder.follow_guards()) {
    return std::unexpected(*fault);
  }
  builder.join();
  builder.nest_loops();
  return std::move(builder.graph);
}

std::uint32_t FlowGraph::raising_instruction(std::uint32_t instruction) const {
  if (instruction >= instructions_.size() || instruction < prologue_size_) {
    return kNoInstruction;
  }
  if (flow(instruction).flow == Flow::raise) {
    return kNoInstruction;
  }
  if (flow(instruction).prefix == Prefix::stays_first && instruction > 0 &&
      flow(instruction - 1).flow == Flow::suspend) {
    return instruction - 1;
  }
  return instruction;
}

std::string_view to_string(FlowFault fault) {
  switch (fault) {
    case FlowFault::unknown_opcode: return "it has instructions that are not known";
    case FlowFault::bad_jump: return "it jumps to where no instruction is";
    case FlowFault::bad_exception_table: return "its exception table cannot be read";
    case FlowFault::mixed_guards: return "its exception handlers overlap";
  }
  return "";
}

}  // namespace lancehead::code
