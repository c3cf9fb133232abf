#include "code/rewrite.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "code/assembler.h"
#include "code/callee_places.h"
#include "code/line_table_shift.h"
#include "code/opcodes.h"

namespace lancehead::code {
namespace {

constexpr std::uint32_t kNoOrigin = RewrittenCode::kNoOrigin;

// The opcodes that are written, as the version numbers them.
struct Words {
  std::uint8_t load_const, for_iter, end_for, unary_invert, pop_top, copy, contains, reraise,
      jump_absolute, jump_backward, jump_forward;

  explicit Words(const OpcodeTable& opcodes)
      : load_const(ControlFlowTable::opcode(opcodes, "LOAD_CONST")),
        for_iter(ControlFlowTable::opcode(opcodes, "FOR_ITER")),
        end_for(ControlFlowTable::opcode(opcodes, "END_FOR")),
        unary_invert(ControlFlowTable::opcode(opcodes, "UNARY_INVERT")),
        pop_top(ControlFlowTable::opcode(opcodes, "POP_TOP")),
        copy(ControlFlowTable::opcode(opcodes, "COPY")),
        contains(ControlFlowTable::opcode(opcodes, "CONTAINS_OP")),
        reraise(ControlFlowTable::opcode(opcodes, "RERAISE")),
        jump_absolute(ControlFlowTable::opcode(opcodes, "JUMP_ABSOLUTE")),
        jump_backward(ControlFlowTable::opcode(opcodes, "JUMP_BACKWARD")),
        jump_forward(ControlFlowTable::opcode(opcodes, "JUMP_FORWARD")) {}
};

// A piece of code behind the old end: a probe on the way to a block.
struct Detour {
  LabelId label;
  std::uint32_t probe = 0;
  BlockId to;
  std::uint32_t origin = 0;
};

class Rewriter {
 public:
  Rewriter(const CodeText& code, const FlowGraph& graph, const ProbePlan& plan,
           std::uint32_t constant_count, CallProbing calls)
      : code_(code),
        graph_(graph),
        plan_(plan),
        constant_count_(constant_count),
        callee_depths_(calls == CallProbing::none ? std::vector<std::uint32_t>()
                                                  : callee_depths(graph, code.version)),
        opcodes_(*opcodes_of(code.version)),
        words_(opcodes_),
        assembler_(opcodes_),
        block_labels_(graph.blocks().size()),
        handler_labels_(graph.blocks().size()),
        jump_labels_(graph.blocks().size()),
        rest_labels_(graph.blocks().size()),
        by_place_(graph.blocks().size()) {}

  std::expected<RewrittenCode, RewriteFault> rewrite(std::uint32_t stack_size);

 private:
  struct AtBlock {
    std::vector<std::uint32_t> head, end, fall, handler, back;  // probes by number
  };

  void sort_probes();
  void sort_handler_probe(std::uint32_t probe, BlockId block);
  [[nodiscard]] bool has_arrivals(BlockId block) const;
  void write_block(std::uint32_t row);
  void write_old(std::uint32_t instruction, const FlowBlock& block, std::uint32_t row);
  void write_detours();
  void write_escape();
  void put_probe(std::uint32_t probe, std::uint32_t origin);
  void put_inverted(std::uint32_t constant, std::uint32_t origin);
  void put_exception_probe(std::uint32_t probe, std::uint32_t origin);
  void put_looking_probe(std::uint32_t depth, std::uint32_t constant, std::uint32_t origin);
  void put(std::uint8_t opcode, std::uint32_t arg, std::uint32_t origin) {
    assembler_.put({.opcode = opcode, .arg = arg, .target = {}, .origin = origin});
  }
  void put_head(std::uint32_t row, std::uint32_t origin);
  void put_prefix_of(BlockId block, std::uint32_t origin);
  void pass_by_next(std::uint32_t row);
  void pass_by(BlockId block);
  void find_inner_targets();
  [[nodiscard]] std::optional<BlockId> passed_by(std::uint32_t instruction) const;
  [[nodiscard]] std::optional<LabelId> target_of(std::uint32_t instruction);
  [[nodiscard]] std::uint8_t detoured(std::uint8_t opcode) const;
  void find_moves();
  [[nodiscard]] std::uint32_t moved(std::uint32_t offset) const;
  [[nodiscard]] std::vector<ExceptionEntry> moved_guards() const;
  void guard_the_rest(std::vector<ExceptionEntry>& guards) const;

  const CodeText& code_;
  const FlowGraph& graph_;
  const ProbePlan& plan_;
  std::uint32_t constant_count_;
  std::vector<std::uint32_t> callee_depths_;  // by instruction; empty where calls have no probes
  const OpcodeTable& opcodes_;
  Words words_;
  Assembler assembler_;
  std::vector<LabelId> block_labels_;
  std::vector<std::optional<LabelId>> handler_labels_;  // where exceptions arrive, if elsewhere
  std::vector<std::optional<LabelId>> jump_labels_;     // where the last jump goes, if elsewhere
  std::vector<std::optional<LabelId>> rest_labels_;     // behind the probes on_return
  std::map<std::uint32_t, LabelId> inner_labels_;       // of instructions inside a block
  std::vector<AtBlock> by_place_;
  std::vector<Detour> detours_;
  std::optional<std::uint32_t> escape_;
  LabelId escape_label_;
  std::uint32_t old_part_end_ = 0;                  // new offset behind the last old instruction
  std::vector<std::uint32_t> new_begin_, new_end_;  // by instruction: with what stands in front
  bool no_room_ = false;
};

bool Rewriter::has_arrivals(BlockId block) const {
  return std::ranges::any_of(graph_.ways(), [&](const Way& way) {
    return way.to == block && way.kind != WayKind::rethrow;
  });
}

// Up to 3.9 a handler can be reached without an exception, too: then exceptions make a detour.
void Rewriter::sort_handler_probe(std::uint32_t probe, BlockId block) {
  if (!has_arrivals(block)) {
    by_place_[block.row()].handler.push_back(probe);
    return;
  }
  if (words_.jump_absolute == 0) {
    no_room_ = true;
    return;
  }
  handler_labels_[block.row()] = assembler_.new_label();
  detours_.push_back({.label = *handler_labels_[block.row()],
                      .probe = probe,
                      .to = block,
                      .origin = graph_.instructions()[graph_.block(block).first].offset});
}

void Rewriter::sort_probes() {
  for (std::uint32_t i = 0; i < plan_.probes.size(); ++i) {
    const Probe& probe = plan_.probes[i];
    if (!probe.block && probe.place != ProbePlace::on_escape) {
      no_room_ = true;  // on a way that runs out of the code, which no compiler lets be gone
      return;
    }
    switch (probe.place) {
      case ProbePlace::at_head: by_place_[probe.block.row()].head.push_back(i); break;
      case ProbePlace::at_end: by_place_[probe.block.row()].end.push_back(i); break;
      case ProbePlace::on_fall:
        by_place_[probe.block.row()].fall.push_back(i);
        no_room_ = no_room_ || (probe.block.row() != 0 && graph_.block(probe.block).prefix > 0);
        break;
      case ProbePlace::on_return:
        pass_by(probe.block);
        by_place_[probe.block.row()].back.push_back(i);
        break;
      case ProbePlace::on_jump: {
        const FlowBlock& from = graph_.block(probe.block);
        const BlockId to = graph_.ways()[probe.way.row()].to;
        jump_labels_[probe.block.row()] = assembler_.new_label();
        detours_.push_back({.label = *jump_labels_[probe.block.row()],
                            .probe = i,
                            .to = to,
                            .origin = graph_.instructions()[from.last].offset});
        no_room_ = no_room_ || graph_.block(to).prefix > 0;
        break;
      }
      case ProbePlace::on_handler: sort_handler_probe(i, probe.block); break;
      case ProbePlace::on_escape: escape_ = i; break;
    }
  }
}

// The block has probes on_return: the other ways to it must be plain jumps or come from the block
// in front. Then they run its prefix where they are and go on behind the probes.
void Rewriter::pass_by(BlockId block) {
  rest_labels_[block.row()] = assembler_.new_label();
  no_room_ = no_room_ || graph_.block(block).is_handler;
  for (const Way& way : graph_.ways()) {
    if (way.to != block || way.kind == WayKind::resume) {
      continue;
    }
    const bool is_plain = way.kind == WayKind::jump &&
                          graph_.flow(graph_.block(way.from).last).flow == Flow::jump &&
                          !jump_labels_[way.from.row()];
    no_room_ = no_room_ || !(is_plain || way.kind == WayKind::fall);
  }
}

// The block that a jump enters behind its prefix.
std::optional<BlockId> Rewriter::passed_by(std::uint32_t instruction) const {
  if (graph_.flow(instruction).flow != Flow::jump) {
    return std::nullopt;
  }
  const auto offset = jump_target(opcodes_, graph_.instructions()[instruction]);
  const BlockId block = graph_.block_of(graph_.instruction_at(*offset));
  return rest_labels_[block.row()] ? std::optional(block) : std::nullopt;
}

// Where the loop of an await goes back to.
void Rewriter::find_inner_targets() {
  for (const FlowBlock& block : graph_.blocks()) {
    const Instruction& last = graph_.instructions()[block.last];
    if (graph_.flow(block.last).flow != Flow::suspend || !opcodes_[last.opcode].has(kJump)) {
      continue;
    }
    if (const auto offset = jump_target(opcodes_, last)) {
      inner_labels_[graph_.instruction_at(*offset)] = assembler_.new_label();
    }
  }
}

void Rewriter::put_inverted(std::uint32_t constant, std::uint32_t origin) {
  put(words_.load_const, constant, origin);
  put(words_.unary_invert, 0, origin);
  put(words_.pop_top, 0, origin);
}

void Rewriter::put_probe(std::uint32_t probe, std::uint32_t origin) {
  if (counter_form(code_.version) == CounterForm::invert) {
    put_inverted(constant_count_ + probe, origin);
    return;
  }
  put(words_.load_const, constant_count_ + probe, origin);
  put(words_.for_iter, 0, origin);
  // It jumps over these.
  if (words_.end_for != 0) {
    put(words_.end_for, 0, origin);
  }
  if (opcodes_.minor == 13) {
    put(words_.pop_top, 0, origin);
  }
}

void Rewriter::put_exception_probe(std::uint32_t probe, std::uint32_t origin) {
  if (opcodes_.minor < 11) {
    put_probe(probe, origin);
    return;
  }
  put_looking_probe(1, constant_count_ + probe, origin);
}

void Rewriter::put_looking_probe(std::uint32_t depth, std::uint32_t constant,
                                 std::uint32_t origin) {
  put(words_.copy, depth, origin);
  put(words_.load_const, constant, origin);
  put(words_.contains, 0, origin);
  put(words_.pop_top, 0, origin);
}

std::optional<LabelId> Rewriter::target_of(std::uint32_t instruction) {
  const Instruction& one = graph_.instructions()[instruction];
  const auto offset = jump_target(opcodes_, one);
  const std::uint32_t to = offset ? graph_.instruction_at(*offset) : FlowGraph::kNoInstruction;
  if (to == FlowGraph::kNoInstruction) {
    return std::nullopt;
  }
  if (const auto inner = inner_labels_.find(to); inner != inner_labels_.end()) {
    return inner->second;
  }
  const BlockId block = graph_.block_of(to);
  if (graph_.block(block).first != to) {
    return std::nullopt;  // only named (END_ASYNC_FOR)
  }
  if (const auto passed = passed_by(instruction)) {
    return rest_labels_[passed->row()];
  }
  const ControlFlow& flow = graph_.flow(instruction);
  if (flow.begins_guard && handler_labels_[block.row()]) {
    return handler_labels_[block.row()];
  }
  const BlockId own = graph_.block_of(instruction);
  if (jump_labels_[own.row()] && graph_.block(own).last == instruction) {
    return jump_labels_[own.row()];
  }
  return block_labels_[block.row()];
}

// A conditional jump back becomes one forward, to the detour (3.11).
std::uint8_t Rewriter::detoured(std::uint8_t opcode) const {
  std::string name(opcodes_[opcode].name);
  const std::string back = "_BACKWARD_";
  if (const std::size_t at = name.find(back); at != std::string::npos) {
    name.replace(at, back.size(), "_FORWARD_");
    return ControlFlowTable::opcode(opcodes_, name.c_str());
  }
  return opcode;
}

void Rewriter::write_old(std::uint32_t instruction, const FlowBlock& block, std::uint32_t row) {
  const Instruction& one = graph_.instructions()[instruction];
  Item item{
      .opcode = one.opcode, .arg = one.arg, .target = {}, .origin = one.offset, .is_old = true};
  if (opcodes_[one.opcode].has(kJump)) {
    if (const auto label = target_of(instruction)) {
      item.target = *label;
    }
    if (instruction == block.last && jump_labels_[row]) {
      item.opcode = detoured(item.opcode);
    }
  }
  const auto first_call_probe = constant_count_ + static_cast<std::uint32_t>(plan_.probes.size());
  const std::uint32_t depth = callee_depths_.empty() ? 0 : callee_depths_[instruction];
  if (const auto inner = inner_labels_.find(instruction); inner != inner_labels_.end()) {
    assembler_.place(inner->second);
  }
  if (depth != 0) {
    put_looking_probe(depth, first_call_probe, one.offset);
  }
  if (const auto passed = passed_by(instruction)) {
    put_prefix_of(*passed, one.offset);
  }
  assembler_.put(item);
  if (!callee_depths_.empty() && instruction + 1 == graph_.prologue_size()) {
    put_inverted(first_call_probe + 2, one.offset);
  }
  if (depth != 0) {
    put_inverted(first_call_probe + 1, one.offset);
  }
}

void Rewriter::put_prefix_of(BlockId block, std::uint32_t origin) {
  const FlowBlock& to = graph_.block(block);
  for (std::uint32_t i = to.first; i < to.first + to.prefix; ++i) {
    put(graph_.instructions()[i].opcode, graph_.instructions()[i].arg, origin);
  }
}

// What falls into a block whose probes it has to pass by goes around them.
void Rewriter::pass_by_next(std::uint32_t row) {
  const std::uint32_t next = row + 1;
  const bool falls = std::ranges::any_of(graph_.ways(), [&](const Way& way) {
    return way.kind == WayKind::fall && way.from == BlockId(row) && way.to == BlockId(next);
  });
  if (!falls || !rest_labels_[next]) {
    return;
  }
  const std::uint32_t origin = graph_.instructions()[graph_.block(BlockId(row)).last].offset;
  put_prefix_of(BlockId(next), origin);
  assembler_.put({.opcode = words_.jump_forward, .target = *rest_labels_[next], .origin = origin});
}

void Rewriter::put_head(std::uint32_t row, std::uint32_t origin) {
  for (const std::uint32_t probe : by_place_[row].back) {
    put_probe(probe, origin);
  }
  if (rest_labels_[row]) {
    assembler_.place(*rest_labels_[row]);
  }
  for (const std::uint32_t probe : by_place_[row].head) {
    put_probe(probe, origin);
  }
}

void Rewriter::write_block(std::uint32_t row) {
  const FlowBlock& block = graph_.blocks()[row];
  const AtBlock& at = by_place_[row];
  const auto origin = [&](std::uint32_t i) { return graph_.instructions()[i].offset; };
  for (const std::uint32_t probe : at.fall) {
    put_probe(probe, origin(block.first));
  }
  assembler_.place(block_labels_[row]);
  for (const std::uint32_t probe : at.handler) {
    put_exception_probe(probe, origin(block.first));
  }
  const Flow last = graph_.flow(block.last).flow;
  const bool ends_before = last == Flow::jump || last == Flow::leave || last == Flow::raise;
  for (std::uint32_t i = block.first; i <= block.last; ++i) {
    if (i == block.first + block.prefix) {
      put_head(row, origin(i));
    }
    if (i == block.last && ends_before) {
      for (const std::uint32_t probe : at.end) {
        put_probe(probe, origin(i));
      }
    }
    write_old(i, block, row);
  }
  if (block.prefix > block.last - block.first) {
    put_head(row, origin(block.last));
  }
  if (!ends_before) {
    for (const std::uint32_t probe : at.end) {
      put_probe(probe, origin(block.last));
    }
  }
  pass_by_next(row);
}

void Rewriter::write_detours() {
  for (const Detour& detour : detours_) {
    assembler_.place(detour.label);
    put_probe(detour.probe, detour.origin);
    assembler_.put(
        {.opcode = words_.jump_absolute != 0 ? words_.jump_absolute : words_.jump_backward,
         .target = block_labels_[detour.to.row()],
         .origin = detour.origin});
  }
}

// Passes the exception on as if it had not been caught: the offset that the interpreter pushed,
// because of pushes_offset, goes back into the frame.
void Rewriter::write_escape() {
  if (!escape_) {
    return;
  }
  escape_label_ = assembler_.new_label();
  assembler_.place(escape_label_);
  put_exception_probe(*escape_, kNoOrigin);
  put(words_.reraise, 1, kNoOrigin);
}

void Rewriter::find_moves() {
  new_begin_.assign(graph_.instructions().size(), 0);
  new_end_.assign(graph_.instructions().size(), 0);
  std::uint32_t last = 0;
  std::uint32_t next = 0;
  for (const Item& item : assembler_.items()) {
    if (!item.is_old) {
      continue;
    }
    new_begin_[next] = last;
    new_end_[next] = item.end;
    last = item.end;
    ++next;
  }
  old_part_end_ = last;
}

// New offset for an old one; what was put in front of an instruction belongs to it.
std::uint32_t Rewriter::moved(std::uint32_t offset) const {
  const std::uint32_t i = graph_.instruction_at(offset);
  if (i == FlowGraph::kNoInstruction) {
    return old_part_end_;
  }
  const Instruction& one = graph_.instructions()[i];
  // What has become shorter, for want of an EXTENDED_ARG that said nothing, must not move places
  // back.
  return offset == one.start
             ? new_begin_[i]
             : new_end_[i] - std::min(one.end() - offset, new_end_[i] - new_begin_[i]);
}

void Rewriter::guard_the_rest(std::vector<ExceptionEntry>& guards) const {
  std::vector<ExceptionEntry> all;
  const std::uint32_t target = assembler_.offset_of(escape_label_);
  std::uint32_t at = graph_.prologue_size() == 0 ? 0 : new_end_[graph_.prologue_size() - 1];
  const auto fill = [&](std::uint32_t end) {
    if (at < end) {
      all.push_back({.begin = at, .end = end, .target = target, .depth = 0, .pushes_offset = true});
    }
  };
  for (const ExceptionEntry& guard : guards) {
    fill(guard.begin);
    all.push_back(guard);
    at = std::max(at, guard.end);
  }
  fill(old_part_end_);
  guards = std::move(all);
}

std::vector<ExceptionEntry> Rewriter::moved_guards() const {
  std::vector<ExceptionEntry> guards;
  for (const ExceptionEntry& guard : graph_.guards()) {
    const BlockId handler = graph_.block_of(graph_.instruction_at(guard.target));
    guards.push_back({.begin = moved(guard.begin),
                      .end = moved(guard.end),
                      .target = assembler_.offset_of(block_labels_[handler.row()]),
                      .depth = guard.depth,
                      .pushes_offset = guard.pushes_offset});
  }
  if (escape_) {
    guard_the_rest(guards);
  }
  return guards;
}

std::expected<RewrittenCode, RewriteFault> Rewriter::rewrite(std::uint32_t stack_size) {
  for (LabelId& label : block_labels_) {
    label = assembler_.new_label();
  }
  find_inner_targets();
  sort_probes();
  if (no_room_) {
    return std::unexpected(RewriteFault::no_room);
  }
  for (std::uint32_t row = 0; row < graph_.blocks().size(); ++row) {
    write_block(row);
  }
  write_detours();
  write_escape();
  assembler_.layout();
  find_moves();
  RewrittenCode result;
  result.bytecode = assembler_.bytecode();
  result.line_table = shift_line_table(
      line_table_format(code_.version), code_.line_table,
      static_cast<std::uint32_t>(code_.bytecode.size()),
      [&](std::uint32_t offset) { return moved(offset); }, assembler_.size() - old_part_end_);
  result.exception_table = encode_exception_table(moved_guards());
  // The escape has the offset, the exception, its copy and the probe on the stack.
  constexpr std::uint32_t kEscapeDepth = 4;
  result.stack_size =
      opcodes_.minor >= 11 ? std::max(stack_size + 2, kEscapeDepth) : stack_size + 1;
  result.origin.assign(result.bytecode.size() / 2, kNoOrigin);
  for (const Item& item : assembler_.items()) {
    std::fill(result.origin.begin() + item.start / 2, result.origin.begin() + item.end / 2,
              item.origin);
  }
  result.place.assign(code_.bytecode.size() / 2, kNoOrigin);
  for (std::uint32_t i = 0; i < graph_.instructions().size(); ++i) {
    const Instruction& one = graph_.instructions()[i];
    const std::uint32_t begin = new_end_[i] - one.size;
    for (std::uint32_t unit = 0; unit < one.size / 2; ++unit) {
      result.place[one.offset / 2 + unit] = begin / 2 + unit;
    }
  }
  return result;
}

}  // namespace

std::string_view to_string(RewriteFault fault) {
  switch (fault) {
    case RewriteFault::no_room:
      return "counters would have to stand between instructions that belong together";
  }
  return "";
}

std::expected<RewrittenCode, RewriteFault> rewrite(const CodeText& code, const FlowGraph& graph,
                                                   const ProbePlan& plan,
                                                   std::uint32_t constant_count,
                                                   std::uint32_t stack_size, CallProbing calls) {
  return Rewriter(code, graph, plan, constant_count, calls).rewrite(stack_size);
}

}  // namespace lancehead::code
