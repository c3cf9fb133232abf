#include "code/flow_solution.h"

#include <algorithm>
#include <numeric>

namespace lancehead::code {
namespace {

std::uint64_t not_negative(std::int64_t value) {
  return value > 0 ? static_cast<std::uint64_t>(value) : 0;
}

// Takes the tree apart from its leaves: a block with one unknown way tells that way. The outside is
// the root, and tells nothing: where frames were cut off, not all that went in came out.
class Solver {
 public:
  Solver(const FlowGraph& graph, const ProbePlan& plan)
      : graph_(graph),
        plan_(plan),
        value_(graph.ways().size()),
        surplus_(graph.blocks().size() + 1),
        unknown_(graph.blocks().size() + 1) {}

  FlowSolution solve(const FlowCounts& counts) {
    for (std::size_t i = 0; i < plan_.probes.size(); ++i) {
      if (const WayId way = plan_.probes[i].way) {
        settle(way, static_cast<std::int64_t>(counts.probes[i]));
      }
    }
    for (std::uint32_t i = 0; i < counts.raised.size(); ++i) {
      const auto raised = static_cast<std::int64_t>(counts.raised[i]);
      surplus_[number(graph_.block_of(i))] -= raised;
      surplus_[number(graph_.handler_of(i))] += raised;
    }
    for (std::uint32_t i = 0; i < counts.ended.size(); ++i) {
      surplus_[number(graph_.block_of(i))] -= static_cast<std::int64_t>(counts.ended[i]);
    }
    for (std::uint32_t i = 0; i < counts.begun.size(); ++i) {
      surplus_[number(graph_.block_of(i))] += static_cast<std::int64_t>(counts.begun[i]);
    }
    for (std::size_t row = 0; row < value_.size(); ++row) {
      if (plan_.in_tree[row]) {
        unknown_[number(graph_.ways()[row].from)].emplace_back(row);
        unknown_[number(graph_.ways()[row].to)].emplace_back(row);
      }
    }
    peel();
    FlowSolution solution{.raised = counts.raised, .ended = counts.ended, .begun = counts.begun};
    for (auto* column : {&solution.raised, &solution.ended, &solution.begun}) {
      column->resize(graph_.instructions().size());
    }
    std::ranges::transform(value_, std::back_inserter(solution.ways), not_negative);
    return solution;
  }

 private:
  [[nodiscard]] std::size_t number(BlockId id) const {
    return id ? id.row() : graph_.blocks().size();
  }

  void settle(WayId id, std::int64_t value) {
    const Way& way = graph_.ways()[id.row()];
    value_[id.row()] = value;
    surplus_[number(way.from)] -= value;
    surplus_[number(way.to)] += value;
  }

  void peel() {
    std::vector<std::size_t> leaves;
    for (std::size_t vertex = 0; vertex < graph_.blocks().size(); ++vertex) {
      if (unknown_[vertex].size() == 1) {
        leaves.push_back(vertex);
      }
    }
    while (!leaves.empty()) {
      const std::size_t vertex = leaves.back();
      leaves.pop_back();
      if (unknown_[vertex].empty()) {
        continue;  // the other end was peeled first
      }
      const WayId id = unknown_[vertex].front();
      const Way& way = graph_.ways()[id.row()];
      // What is too much at a vertex leaves it by its last way, what is missing came in by it.
      settle(id, number(way.from) == vertex ? surplus_[vertex] : -surplus_[vertex]);
      unknown_[vertex].clear();
      const std::size_t other = number(way.from) == vertex ? number(way.to) : number(way.from);
      std::erase(unknown_[other], id);
      if (unknown_[other].size() == 1 && other != graph_.blocks().size()) {
        leaves.push_back(other);
      }
    }
  }

  const FlowGraph& graph_;
  const ProbePlan& plan_;
  std::vector<std::int64_t> value_;          // by way
  std::vector<std::int64_t> surplus_;        // by vertex: what came less what left
  std::vector<std::vector<WayId>> unknown_;  // by vertex
};

}  // namespace

FlowSolution solve_flow(const FlowGraph& graph, const ProbePlan& plan, const FlowCounts& counts) {
  return Solver(graph, plan).solve(counts);
}

std::vector<std::uint64_t> block_runs(const FlowGraph& graph, const FlowSolution& solution) {
  std::vector<std::uint64_t> runs(graph.blocks().size());
  for (std::size_t row = 0; row < graph.ways().size(); ++row) {
    if (const BlockId to = graph.ways()[row].to) {
      runs[to.row()] += solution.ways[row];
    }
  }
  for (std::uint32_t i = 0; i < graph.instructions().size(); ++i) {
    if (const BlockId handler = graph.handler_of(i)) {
      runs[handler.row()] += solution.raised[i];
    }
  }
  return runs;
}

std::vector<std::uint64_t> instruction_runs(const FlowGraph& graph, const FlowSolution& solution) {
  const std::vector<std::uint64_t> begun = block_runs(graph, solution);
  std::vector<std::uint64_t> runs(graph.instructions().size());
  for (std::size_t row = 0; row < graph.blocks().size(); ++row) {
    const FlowBlock& block = graph.blocks()[row];
    std::uint64_t left = begun[row];
    for (std::uint32_t i = block.first; i <= block.last; ++i) {
      runs[i] = left;
      left += solution.begun[i];
      left -= std::min(left, solution.raised[i] + solution.ended[i]);
    }
  }
  return runs;
}

}  // namespace lancehead::code
