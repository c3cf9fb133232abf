#include "code/line_events.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "code/opcodes.h"

namespace lancehead::code {
namespace {

constexpr std::uint32_t kNone = FlowGraph::kNoInstruction;

// Instructions of one code object with their lines, by number.
class Lines {
 public:
  Lines(const FlowGraph& graph, const PositionTable& positions, PythonVersion version)
      : graph_(graph), opcodes_(*opcodes_of(version)) {
    for (const Instruction& one : graph.instructions()) {
      const auto range = positions.lookup(one.start);
      lines_.push_back(range ? range->line : kNoLine);
      // Only differences of lines begin a range, and the table's neighbours differ.
      range_begins_.push_back(range ? range->begin : one.start);
    }
  }

  [[nodiscard]] std::uint32_t line(std::uint32_t i) const {
    return i == kNone ? kNoLine : lines_[i];
  }
  [[nodiscard]] std::uint32_t range_begin(std::uint32_t i) const { return range_begins_[i]; }
  [[nodiscard]] bool begins_range(std::uint32_t i) const {
    return range_begins_[i] == graph_.instructions()[i].start;
  }
  [[nodiscard]] std::string_view name(std::uint32_t i) const {
    return i >= lines_.size() ? std::string_view() : opcodes_[graph_.instructions()[i].base].name;
  }
  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(lines_.size()); }
  [[nodiscard]] std::uint32_t target(std::uint32_t i) const {
    const auto offset = jump_target(opcodes_, graph_.instructions()[i]);
    return offset ? graph_.instruction_at(*offset) : kNone;
  }
  [[nodiscard]] bool jumps(std::uint32_t i) const {
    const Flow flow = control_flow_of(opcodes_)[graph_.instructions()[i].base].flow;
    return flow == Flow::jump || flow == Flow::branch;
  }
  [[nodiscard]] bool is_back(std::uint32_t from, std::uint32_t to) const {
    return from != kNone && to < from;
  }
  [[nodiscard]] const FlowGraph& graph() const { return graph_; }

 private:
  const FlowGraph& graph_;
  const OpcodeTable& opcodes_;
  std::vector<std::uint32_t> lines_;
  std::vector<std::uint32_t> range_begins_;
};

// How an instruction came to run.
enum class Arrival : std::uint8_t { step, resume, exception };

// Whether there is an event at `to`, where `from` ran before (kNone: nothing in this frame).
class EventRule {
 public:
  virtual ~EventRule() = default;
  EventRule() = default;
  EventRule(const EventRule&) = delete;
  EventRule& operator=(const EventRule&) = delete;
  [[nodiscard]] virtual bool is_event(std::uint32_t from, std::uint32_t to,
                                      Arrival arrival) const = 0;
  // The line of an event that the instruction makes each time it runs, besides.
  [[nodiscard]] virtual std::uint32_t own_event(std::uint32_t /*i*/) const { return kNoLine; }
};

// 3.8 and 3.9: at the first instruction of a range, and wherever a jump back leads.
class RangeRule final : public EventRule {
 public:
  RangeRule(const Lines& lines, PythonVersion version)
      : lines_(lines), is_3_9_(version.is_minor(9)) {}

  [[nodiscard]] bool is_event(std::uint32_t from, std::uint32_t to,
                              Arrival arrival) const override {
    if (lines_.begins_range(to)) {
      return true;
    }
    if (arrival == Arrival::resume) {
      return false;  // the evaluation of the frame began anew
    }
    if (arrival == Arrival::exception && is_3_9_ && forgets(from)) {
      return true;
    }
    return lines_.is_back(from, to);
  }

 private:
  // 3.9 forgets what ran before a handler unless a range began where the exception was raised;
  // after a throw into a suspended frame it knows nothing anyway.
  [[nodiscard]] bool forgets(std::uint32_t raised) const {
    const bool suspended =
        lines_.name(raised) == "YIELD_VALUE" || lines_.name(raised + 1) == "YIELD_FROM";
    return suspended || (!lines_.begins_range(raised) && lines_.range_begin(raised) > 0);
  }

  const Lines& lines_;
  bool is_3_9_;
};

// 3.10 and 3.11: where the line is another one, and wherever a jump back leads.
class ChangeRule final : public EventRule {
 public:
  ChangeRule(const Lines& lines, PythonVersion version)
      : lines_(lines), is_3_11_(version.is_minor(11)) {}

  [[nodiscard]] bool is_event(std::uint32_t from, std::uint32_t to,
                              Arrival /*arrival*/) const override {
    const std::uint32_t line = lines_.line(to);
    if (line == kNoLine || lines_.name(to) == "RESUME") {
      return false;
    }
    if (is_3_11_ && to < lines_.graph().prologue_size()) {
      return false;
    }
    const bool is_entry = from == kNone || (is_3_11_ && from < lines_.graph().prologue_size());
    const std::uint32_t last = is_entry ? kNoLine : lines_.line(from);
    return line != last || (lines_.is_back(from, to) && lines_.name(to) != "SEND");
  }

 private:
  const Lines& lines_;
  bool is_3_11_;
};

// From 3.12 on: some instructions may begin a line, and do where the line is another one. A jump
// back within a line is an event of the jump.
class StartRule final : public EventRule {
 public:
  StartRule(const Lines& lines, PythonVersion version)
      : lines_(lines), version_(version), starts_(lines.count()) {
    mark_changes();
    mark_targets();
  }

  [[nodiscard]] bool is_event(std::uint32_t from, std::uint32_t to,
                              Arrival /*arrival*/) const override {
    return starts_[to] && (lines_.line(to) != lines_.line(from) || lines_.name(from) == "RESUME");
  }

  [[nodiscard]] std::uint32_t own_event(std::uint32_t i) const override {
    if (lines_.name(i) != "JUMP_BACKWARD") {
      return kNoLine;
    }
    const std::uint32_t target = lines_.target(i);
    return target != kNone && lines_.line(target) == lines_.line(i) ? lines_.line(i) : kNoLine;
  }

 private:
  [[nodiscard]] bool never_starts(std::uint32_t i) const {
    const std::string_view name = lines_.name(i);
    return name == "END_ASYNC_FOR" || name == "END_FOR" || name == "END_SEND" || name == "RESUME" ||
           (version_.at_least(14) && name == "POP_ITER");
  }

  void mark_changes() {
    std::uint32_t current = kNoLine;
    for (std::uint32_t i = lines_.graph().prologue_size(); i < lines_.count(); ++i) {
      if (never_starts(i)) {
        continue;
      }
      const std::uint32_t line = lines_.line(i);
      starts_[i] = line != current && line != kNoLine;
      current = line;
    }
  }

  void mark_targets() {
    for (std::uint32_t i = lines_.graph().prologue_size(); i < lines_.count(); ++i) {
      const std::string_view name = lines_.name(i);
      std::uint32_t target = lines_.jumps(i) ? lines_.target(i) : kNone;
      if (target != kNone && (name == "FOR_ITER" || name == "SEND")) {
        ++target;  // they jump to an END_FOR or END_SEND, or over it
      }
      mark(target);
    }
    for (const ExceptionEntry& guard : lines_.graph().guards()) {
      const std::uint32_t handler = lines_.graph().instruction_at(guard.target);
      if (lines_.name(handler) != "END_ASYNC_FOR") {
        mark(handler);
      }
    }
  }

  void mark(std::uint32_t target) {
    if (target < lines_.count() && lines_.line(target) != kNoLine) {
      starts_[target] = true;
    }
  }

  const Lines& lines_;
  PythonVersion version_;
  std::vector<bool> starts_;
};

class Counter {
 public:
  Counter(const Lines& lines, const EventRule& rule, PythonVersion version,
          const FlowSolution& solution)
      : version_(version),
        graph_(lines.graph()),
        lines_(lines),
        rule_(rule),
        solution_(solution),
        runs_(instruction_runs(graph_, solution)) {}

  LineHits count() {
    for (std::uint32_t i = 0; i < lines_.count(); ++i) {
      // The definition's line has the prologue, which is no hit.
      if (lines_.line(i) != kNoLine && i >= graph_.prologue_size()) {
        hits_[lines_.line(i)] += 0;
      }
      if (const std::uint32_t line = rule_.own_event(i); line != kNoLine) {
        hits_[line] += runs_[i];
      }
    }
    for (std::size_t row = 0; row < graph_.blocks().size(); ++row) {
      const FlowBlock& block = graph_.blocks()[row];
      for (std::uint32_t i = block.first + 1; i <= block.last; ++i) {
        step(i - 1, i, Arrival::step, runs_[i]);
      }
      arrive_by_exception(BlockId(row));
    }
    for (std::size_t row = 0; row < graph_.ways().size(); ++row) {
      const Way& way = graph_.ways()[row];
      if (way.to && way.kind != WayKind::rethrow) {
        std::uint32_t from = way.from ? graph_.block(way.from).last : kNone;
        if (way.kind == WayKind::come_back) {
          from = lines_.count() - 1;  // from an END_FINALLY, which stands behind
        }
        step(from, graph_.block(way.to).first,
             way.kind == WayKind::resume ? Arrival::resume : Arrival::step, solution_.ways[row]);
      }
    }
    return std::move(hits_);
  }

 private:
  void step(std::uint32_t from, std::uint32_t to, Arrival arrival, std::uint64_t times) {
    if (times > 0 && lines_.line(to) != kNoLine && rule_.is_event(from, to, arrival)) {
      hits_[lines_.line(to)] += times;
    }
  }

  // The instructions that seem to have run before a handler, and how often each.
  using Arrivals = std::vector<std::pair<std::uint32_t, std::uint64_t>>;

  void arrive_by_exception(BlockId handler) {
    if (graph_.block(handler).is_handler) {
      for (const auto& [from, times] : arrivals(handler, 0)) {
        step(from, graph_.block(handler).first, Arrival::exception, times);
      }
    }
  }

  Arrivals arrivals(BlockId handler, int depth) {
    Arrivals all;
    for (std::uint32_t i = 0; i < lines_.count(); ++i) {
      if (graph_.handler_of(i) == handler && solution_.raised[i] > 0) {
        all.emplace_back(thrown_into(i), solution_.raised[i]);
      }
    }
    // What END_FINALLY of 3.8 passes on cannot be told from where it returns to: no more than came.
    std::uint64_t left = rethrown(handler);
    for (std::size_t row = 0; row < graph_.ways().size() && left > 0; ++row) {
      const Way& way = graph_.ways()[row];
      const bool leaves = way.kind == WayKind::leave || way.kind == WayKind::lose;
      if (!way.from || !leaves || solution_.ways[row] == 0) {
        continue;
      }
      const std::uint32_t last = graph_.block(way.from).last;
      const Flow flow = graph_.flow(last).flow;
      if ((flow == Flow::raise || flow == Flow::may_reraise) &&
          graph_.handler_of(last) == handler) {
        const std::uint64_t part = std::min(left, solution_.ways[row]);
        pass_on(last, part, all, depth);
        left -= part;
      }
    }
    return all;
  }

  [[nodiscard]] std::uint64_t rethrown(BlockId handler) const {
    for (std::size_t row = 0; row < graph_.ways().size(); ++row) {
      const Way& way = graph_.ways()[row];
      if (way.kind == WayKind::rethrow && way.to == handler) {
        return solution_.ways[row];
      }
    }
    return 0;
  }

  // From 3.13 on a suspended frame stands at the RESUME behind its yield.
  [[nodiscard]] std::uint32_t thrown_into(std::uint32_t i) const {
    const bool at_resume = graph_.flow(i).flow == Flow::suspend && version_.at_least(13);
    return at_resume ? i + 1 : i;
  }

  // RERAISE with an argument puts the offset back at which the exception was raised, as the handler
  // kept it that caught it first. Where that handler caught several and not all were passed on,
  // which of them is not known: it makes a difference only if they are on different lines, one of
  // which is the line of the next handler.
  void pass_on(std::uint32_t last, std::uint64_t times, Arrivals& all, int depth) {
    constexpr int kDeepest = 20;
    const bool restores = lines_.name(last) == "RERAISE" && graph_.instructions()[last].arg != 0;
    const BlockId keeper = restores && depth < kDeepest ? handler_before(last) : BlockId();
    if (keeper) {
      for (const auto& [from, came] : arrivals(keeper, depth + 1)) {
        const std::uint64_t part = std::min(times, came);
        all.emplace_back(from, part);
        times -= part;
      }
    }
    all.emplace_back(last, times);
  }

  // The handler whose code the instruction is in; none where there is more than one.
  [[nodiscard]] BlockId handler_before(std::uint32_t instruction) const {
    std::vector<bool> seen(graph_.blocks().size());
    std::vector<BlockId> open = {graph_.block_of(instruction)};
    BlockId found;
    while (!open.empty()) {
      const BlockId block = open.back();
      open.pop_back();
      if (seen[block.row()]) {
        continue;
      }
      seen[block.row()] = true;
      if (graph_.block(block).is_handler) {
        if (found) {
          return BlockId();
        }
        found = block;
        continue;
      }
      for (const Way& way : graph_.ways()) {
        if (way.to == block && way.from) {
          open.push_back(way.from);
        }
      }
    }
    return found;
  }

  PythonVersion version_;
  const FlowGraph& graph_;
  const Lines& lines_;
  const EventRule& rule_;
  const FlowSolution& solution_;
  std::vector<std::uint64_t> runs_;  // by instruction
  LineHits hits_;
};

}  // namespace

LineHits line_hits(const FlowGraph& graph, const PositionTable& positions, PythonVersion version,
                   const FlowSolution& solution) {
  const Lines lines(graph, positions, version);
  if (version.at_least(12)) {
    return Counter(lines, StartRule(lines, version), version, solution).count();
  }
  if (version.at_least(10)) {
    return Counter(lines, ChangeRule(lines, version), version, solution).count();
  }
  return Counter(lines, RangeRule(lines, version), version, solution).count();
}

}  // namespace lancehead::code
