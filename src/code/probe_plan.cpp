#include "code/probe_plan.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lancehead::code {
namespace {

constexpr double kLoop = 8;      // rounds that a loop is taken to make
constexpr double kCritical = 3;  // a probe on a way of its own costs a jump more
constexpr double kUnmeasurable = 1e30;
constexpr unsigned kDeepest = 10;

bool departs(ProbePlace place) {
  return place == ProbePlace::at_end || place == ProbePlace::on_jump;
}

// Vertices are blocks; the outside has the number behind the last.
class Vertices {
 public:
  explicit Vertices(std::size_t blocks) : outside_(blocks), parent_(blocks + 1) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }

  // Makes `from` hang on `to`; false where it hangs on something already, or `to` on it.
  bool hang(BlockId from, BlockId to) {
    if (!from || parent_[number(from)] != number(from) || root(number(to)) == number(from)) {
      return false;
    }
    parent_[number(from)] = number(to);
    return true;
  }

 private:
  [[nodiscard]] std::size_t number(BlockId id) const { return id ? id.row() : outside_; }

  [[nodiscard]] std::size_t root(std::size_t vertex) const {
    while (parent_[vertex] != vertex) {
      vertex = parent_[vertex];
    }
    return vertex;
  }

  std::size_t outside_;
  std::vector<std::size_t> parent_;
};

class Planner {
 public:
  Planner(const FlowGraph& graph, PythonVersion version)
      : graph_(graph),
        version_(version),
        arrivals_(graph.blocks().size()),
        departures_(graph.blocks().size()) {
    for (const Way& way : graph.ways()) {
      // What an exception brings goes its own way to the head of a handler.
      if (way.to && way.kind != WayKind::rethrow) {
        ++arrivals_[way.to.row()];
      }
      if (way.from && way.kind != WayKind::lose) {
        ++departures_[way.from.row()];
      }
    }
  }

  ProbePlan plan() {
    ProbePlan plan;
    plan.in_tree = tree();
    for (std::size_t row = 0; row < graph_.ways().size(); ++row) {
      if (!plan.in_tree[row]) {
        const Way& way = graph_.ways()[row];
        const ProbePlace place = place_of(way);
        plan.probes.push_back(
            {.place = place, .way = WayId(row), .block = departs(place) ? way.from : way.to});
      }
    }
    if (version_.at_least(11)) {
      plan.probes.push_back({.place = ProbePlace::on_escape});
    }
    return plan;
  }

 private:
  std::vector<bool> tree() {
    std::vector<std::size_t> order(graph_.ways().size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::greater(),
                             [&](std::size_t row) { return weight(graph_.ways()[row]); });
    std::vector<bool> chosen(order.size());
    Vertices vertices(graph_.blocks().size());
    for (const std::size_t row : order) {
      const Way& way = graph_.ways()[row];
      chosen[row] = vertices.hang(way.from, way.to);
    }
    return chosen;
  }

  [[nodiscard]] double frequency(BlockId id) const {
    return id ? std::pow(kLoop, std::min(graph_.block(id).loops, kDeepest)) : 1;
  }

  [[nodiscard]] double weight(const Way& way) const {
    const ProbePlace place = place_of(way);
    // FOR_ITER and SEND need their END_FOR and END_SEND at their target, and nothing fits between.
    const bool no_place = place == ProbePlace::on_jump && graph_.block(way.to).prefix > 0;
    if (way.kind == WayKind::lose || no_place) {
      return kUnmeasurable;
    }
    double often = std::min(frequency(way.from), frequency(way.to));
    if (!way.from || !way.to) {
      often = 1;
    }
    if (way.from && departures_[way.from.row()] > 1) {
      often /= 2;
    }
    const bool critical = place == ProbePlace::on_fall || place == ProbePlace::on_jump;
    return critical ? often * kCritical : often;
  }

  [[nodiscard]] ProbePlace place_of(const Way& way) const {
    if (way.kind == WayKind::rethrow) {
      return ProbePlace::on_handler;
    }
    const bool only_arrival =
        way.to && arrivals_[way.to.row()] == 1 && !graph_.block(way.to).is_handler;
    if (only_arrival && !fills_block(way.to)) {
      return ProbePlace::at_head;
    }
    if (way.from && departures_[way.from.row()] == 1 && way.kind != WayKind::resume) {
      return ProbePlace::at_end;
    }
    if (way.kind == WayKind::jump) {
      return ProbePlace::on_jump;
    }
    if (only_arrival) {
      return ProbePlace::at_head;  // behind a RESUME that is a block of its own
    }
    return way.kind == WayKind::resume ? ProbePlace::on_return : ProbePlace::on_fall;
  }

  [[nodiscard]] bool fills_block(BlockId id) const {
    const FlowBlock& block = graph_.block(id);
    return block.prefix > block.last - block.first;
  }

  const FlowGraph& graph_;
  PythonVersion version_;
  std::vector<std::uint32_t> arrivals_, departures_;
};

}  // namespace

ProbePlan plan_probes(const FlowGraph& graph, PythonVersion version) {
  return Planner(graph, version).plan();
}

}  // namespace lancehead::code
