#include "analyze/call_edges.h"

#include <algorithm>
#include <set>
#include <unordered_map>
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
    path.push_back(profile_->function_of_code(calls.callee[row]));
    path = within_chosen(std::move(path));
    if (path.empty()) {
      return;
    }
    const FunctionId callee = path.back();
    const std::size_t last = path.size() - 1;
    const CallFigures figures{.count = calls.count[row],
                              .primitive = calls.primitive[row],
                              .self = static_cast<double>(calls.self[row]),
                              .total = static_cast<double>(calls.total[row])};
    const bool recursive = std::find(path.begin(), path.end() - 1, callee) != path.end() - 1;
    add(functions_[callee].figures, figures, recursive);
    if (last > 0) {
      // Within itself is, for a caller, within the same call from it.
      CallFigures from_caller = figures;
      from_caller.primitive = figures.count;
      add(functions_[callee].callers[path[last - 1]], from_caller,
          has_edge(path, last, path[last - 1], callee));
    }
  }

  void add_sample(schema::StackId stack, double weight) {
    const auto [entry, is_new] = paths_.try_emplace(stack.value);
    if (is_new) {
      entry->second = within_chosen(path_of(stack));
    }
    const Path& path = entry->second;
    for (std::size_t i = 0; i < path.size(); ++i) {
      const bool is_leaf = i + 1 == path.size();
      const CallFigures figures{.count = 1,
                                .primitive = is_leaf ? 1U : 0U,
                                .self = is_leaf ? weight : 0,
                                .total = weight};
      // Each function and each edge once in a stack, at its innermost place.
      if (std::find(path.begin() + static_cast<std::ptrdiff_t>(i) + 1, path.end(), path[i]) ==
          path.end()) {
        add(functions_[path[i]].figures, figures, false);
      }
      if (i > 0 && !is_repeated(path, i)) {
        add(functions_[path[i]].callers[path[i - 1]], figures, false);
      }
    }
  }

  [[nodiscard]] std::vector<CalledFunction> take() {
    std::vector<CalledFunction> all;
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

  // Whether the edge to place `i` comes again further inside.
  static bool is_repeated(const Path& path, std::size_t i) {
    for (std::size_t j = i + 1; j < path.size(); ++j) {
      if (path[j - 1] == path[i - 1] && path[j] == path[i]) {
        return true;
      }
    }
    return false;
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
  std::unordered_map<std::uint32_t, Path> paths_;  // by stack
  std::map<FunctionId, CalledFunction> functions_;
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
    for (std::size_t i = 0; i < selection.samples.size(); ++i) {
      collector.add_sample(tables.samples.stack[selection.samples[i]], selection.weights[i]);
    }
  }
  edges.functions = collector.take();
  return edges;
}

}  // namespace lancehead::analyze
