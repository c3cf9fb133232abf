#include "analyze/call_edges.h"

#include <algorithm>
#include <set>
#include <utility>

#include "analyze/chosen.h"

namespace lancehead::analyze {
namespace {

using profile::FunctionId;
using profile::Profile;

using Path = std::vector<FunctionId>;  // root first

bool has_edge(const Path& path, std::size_t end, FunctionId caller, FunctionId callee) {
  for (std::size_t i = 1; i < end; ++i) {
    if (path[i - 1] == caller && path[i] == callee) {
      return true;
    }
  }
  return false;
}

class Collector {
 public:
  explicit Collector(const Profile& profile)
      : profile_(&profile), chosen_(chosen_functions(profile)) {}

  void add_call(std::size_t row) {
    const auto& calls = profile_->tables().calls;
    if (calls.callee[row].is_none()) {
      return;
    }
    Path path = path_of(calls.caller[row]);
    path.push_back(profile_->function_of(calls.callee[row]));
    path = within_chosen(std::move(path));
    if (path.empty()) {
      return;
    }
    const FunctionId callee = path.back();
    const std::size_t last = path.size() - 1;
    // All calls along a path are from within the callee, or none is: add() leaves out which.
    const CallFigures figures{.count = calls.count[row],
                              .primitive = calls.count[row],
                              .self = static_cast<double>(calls.self[row]),
                              .total = static_cast<double>(calls.total[row])};
    const bool recursive = std::find(path.begin(), path.end() - 1, callee) != path.end() - 1;
    add(functions_[callee].figures, figures, recursive);
    if (last > 0) {
      // Within itself is, for an edge, within the same edge.
      const FunctionId caller = path[last - 1];
      add(functions_[callee].callers[caller], figures, has_edge(path, last, caller, callee));
    }
  }

  // `count` samples of one stack.
  void add_samples(schema::StackId stack, std::uint64_t count, double weight) {
    const Path path = within_chosen(path_of(stack));
    // Each function and each edge once in a stack, at its innermost place.
    std::set<FunctionId> functions;
    std::set<std::pair<FunctionId, FunctionId>> edges;
    for (std::size_t i = path.size(); i-- > 0;) {
      const bool is_leaf = i + 1 == path.size();
      const CallFigures figures{.count = count,
                                .primitive = is_leaf ? count : 0U,
                                .self = is_leaf ? weight : 0,
                                .total = weight};
      if (functions.insert(path[i]).second) {
        add(functions_[path[i]].figures, figures, false);
      }
      if (i > 0 && edges.emplace(path[i - 1], path[i]).second) {
        add(functions_[path[i]].callers[path[i - 1]], figures, false);
      }
    }
  }

  [[nodiscard]] std::vector<FunctionEdges> take() {
    std::vector<FunctionEdges> all;
    for (auto& [function, called] : functions_) {
      called.function = function;
      all.push_back(std::move(called));
    }
    return all;
  }

 private:
  static void add(CallFigures& sum, const CallFigures& more, bool recursive) {
    sum.count += more.count;
    sum.self += more.self;
    if (!recursive) {
      sum.primitive += more.primitive;
      sum.total += more.total;
    }
  }

  [[nodiscard]] Path path_of(schema::StackId stack) const {
    Path path;
    if (stack.is_none()) {
      return path;
    }
    for (const schema::FrameId frame : profile_->frames_of(stack)) {
      const FunctionId function = frame.is_none() ? FunctionId() : profile_->function_of(frame);
      if (!function.is_none()) {
        path.push_back(function);
      }
    }
    return path;
  }

  [[nodiscard]] Path within_chosen(Path path) const {
    if (!chosen_.empty()) {
      path.erase(path.begin(), std::ranges::find_if(path, [this](FunctionId function) {
                   return chosen_.contains(function);
                 }));
    }
    return path;
  }

  const Profile* profile_;
  std::set<FunctionId> chosen_;
  std::map<FunctionId, FunctionEdges> functions_;
};

}  // namespace

CallEdges call_edges(const Profile& profile, const Selection& selection) {
  Collector collector(profile);
  const auto& tables = profile.tables();
  CallEdges edges{.is_exact = tables.calls.size() > 0, .functions = {}};
  if (edges.is_exact) {
    for (std::size_t row = 0; row < tables.calls.size(); ++row) {
      collector.add_call(row);
    }
  } else {
    std::map<schema::StackId, std::pair<std::uint64_t, double>> stacks;
    for (std::size_t i = 0; i < selection.samples.size(); ++i) {
      auto& [count, weight] = stacks[tables.samples.stack[selection.samples[i]]];
      ++count;
      weight += selection.weights[i];
    }
    for (const auto& [stack, sum] : stacks) {
      collector.add_samples(stack, sum.first, sum.second);
    }
  }
  edges.functions = collector.take();
  return edges;
}

}  // namespace lancehead::analyze
