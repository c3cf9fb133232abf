#include "analyze/branches.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "code/opcodes.h"

namespace lancehead::analyze {
namespace {

struct Outcome {
  BranchKind kind = BranchKind::condition;
  bool jump_is_yes = false;
};

class Reader {
 public:
  explicit Reader(const CountedFlow& flow)
      : flow_(flow), opcodes_(*code::opcodes_of(flow.version)) {}

  [[nodiscard]] std::string_view name(std::size_t i) const {
    const auto instructions = flow_.graph.instructions();
    return i < instructions.size() ? opcodes_[instructions[i].base].name : std::string_view();
  }

  // What the branch decides; nothing for those that nobody wrote.
  [[nodiscard]] std::optional<Outcome> outcome(std::size_t i) const {
    const std::string_view jump = name(i);
    if (jump == "FOR_ITER") {
      return Outcome{BranchKind::loop, false};
    }
    if (jump == "JUMP_IF_NOT_EXC_MATCH") {
      return Outcome{BranchKind::exception, false};
    }
    if (jump == "SEND" || is_compilers_own(i)) {
      return std::nullopt;
    }
    if (jump.ends_with("_IF_NOT_NONE")) {
      return Outcome{BranchKind::none_test, false};
    }
    if (jump.ends_with("_IF_NONE")) {
      return Outcome{BranchKind::none_test, true};
    }
    const bool is_match = before(i) == "CHECK_EXC_MATCH" || before(i) == "CHECK_EG_MATCH";
    return Outcome{is_match ? BranchKind::exception : BranchKind::condition,
                   jump.find("_IF_TRUE") != std::string_view::npos};
  }

  [[nodiscard]] bool is_call(std::size_t i) const {
    const std::string_view call = name(i);
    return call == "CALL" || call == "CALL_KW" || call.starts_with("CALL_FUNCTION") ||
           call == "CALL_METHOD";
  }

 private:
  // TO_BOOL only prepares.
  [[nodiscard]] std::string_view before(std::size_t i) const {
    const std::size_t back = i > 0 && name(i - 1) == "TO_BOOL" ? 2 : 1;
    return i >= back ? name(i - back) : std::string_view();
  }

  // `with` asks whether its manager swallows an exception; `assert` only raises.
  [[nodiscard]] bool is_compilers_own(std::size_t i) const {
    if (before(i) == "WITH_EXCEPT_START" || before(i) == "WITH_CLEANUP_FINISH") {
      return true;
    }
    const std::size_t behind = name(i + 1) == "NOT_TAKEN" ? i + 2 : i + 1;
    return name(behind) == "LOAD_ASSERTION_ERROR" ||
           (name(behind) == "LOAD_COMMON_CONSTANT" &&
            flow_.graph.instructions()[behind].arg == 0) ||
           (name(behind) == "LOAD_GLOBAL" && flow_.version.is_minor(8) &&
            name(behind + 1) == "RAISE_VARARGS");
  }

  const CountedFlow& flow_;
  const code::OpcodeTable& opcodes_;
};

}  // namespace

std::vector<Branch> find_branches(const CountedFlow& flow, schema::CodeId code,
                                  profile::PositionResolver& positions) {
  const Reader reader(flow);
  // By kind and place; without columns the instruction tells conditions of a line apart.
  std::map<std::tuple<profile::Position, BranchKind, std::uint32_t>, Branch> found;
  for (std::size_t row = 0; row < flow.graph.ways().size(); ++row) {
    const code::Way& way = flow.graph.ways()[row];
    const bool decides = way.kind == code::WayKind::fall || way.kind == code::WayKind::jump;
    if (!way.from || !decides) {
      continue;
    }
    const std::uint32_t last = flow.graph.block(way.from).last;
    const auto outcome = flow.graph.flow(last).flow == code::Flow::branch ? reader.outcome(last)
                                                                          : std::nullopt;
    // Up to 3.9 a jump belongs to its statement: what it decides on was computed right before it.
    const bool by_value = !flow.version.at_least(10) && last > 0 &&
                          outcome && outcome->kind == BranchKind::condition;
    const std::uint32_t offset = flow.graph.instructions()[by_value ? last - 1 : last].offset;
    const profile::Position place = positions.resolve(code, static_cast<std::int32_t>(offset));
    if (!outcome || !place.has_line()) {
      continue;
    }
    const std::uint32_t which = place.has_columns() ? 0 : last;
    Branch& branch = found[{place, outcome->kind, which}];
    branch.kind = outcome->kind;
    branch.range = place;
    const bool is_yes = (way.kind == code::WayKind::jump) == outcome->jump_is_yes;
    (is_yes ? branch.yes : branch.no) += flow.solution.ways[row];
  }
  std::vector<Branch> branches;
  for (const auto& [key, branch] : found) {
    branches.push_back(branch);
  }
  return branches;
}

std::vector<CallSite> find_call_sites(const CountedFlow& flow, schema::CodeId code,
                                      profile::PositionResolver& positions) {
  const Reader reader(flow);
  const std::vector<std::uint64_t> runs = code::instruction_runs(flow.graph, flow.solution);
  std::map<std::pair<profile::Position, std::uint32_t>, std::uint64_t> found;
  for (std::uint32_t i = 0; i < runs.size(); ++i) {
    if (!reader.is_call(i)) {
      continue;
    }
    const std::uint32_t offset = flow.graph.instructions()[i].offset;
    const profile::Position place = positions.resolve(code, static_cast<std::int32_t>(offset));
    if (place.has_line()) {
      found[{place, place.has_columns() ? 0 : i}] += runs[i];
    }
  }
  std::vector<CallSite> sites;
  for (const auto& [key, calls] : found) {
    sites.push_back({.range = key.first, .calls = calls});
  }
  return sites;
}

}  // namespace lancehead::analyze
