#include "analyze/calls.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace lancehead::analyze {
namespace {

using profile::FunctionId;
using profile::Profile;
using schema::StackId;

constexpr double kPicoseconds = 1e-3;  // in ns

void read_metrics(const Profile& profile, Calls& calls) {
  const auto& samples = profile.tables().counter_samples;
  for (std::size_t row = 0; row < samples.size(); ++row) {
    if (samples.metric[row].is_none()) {
      continue;
    }
    const std::string_view name =
        profile.text(profile.tables().metrics.name[samples.metric[row].row()]);
    const auto value = static_cast<double>(samples.value[row]);
    const auto count = static_cast<std::uint64_t>(samples.value[row]);
    if (name == "call cost, Python, inside") {
      calls.python.inside = value * kPicoseconds;
    } else if (name == "call cost, Python, outside") {
      calls.python.outside = value * kPicoseconds;
    } else if (name == "call cost, C, inside") {
      calls.native.inside = value * kPicoseconds;
    } else if (name == "call cost, C, outside") {
      calls.native.outside = value * kPicoseconds;
    } else if (name == "calls lost") {
      calls.lost += count;
    } else if (name == "calls without an end") {
      calls.dropped += count;
    } else if (name == "ends without a call") {
      calls.unmatched += count;
    } else if (name == "calls seen by") {
      constexpr std::uint64_t kProfileFunction = 2;
      calls.by_profile_function = count == kProfileFunction;
    }
  }
}

class Builder {
 public:
  explicit Builder(const Profile& profile) : profile_(profile), tables_(profile.tables()) {
    read_metrics(profile, calls_);
    find_own_stacks();
    sum_costs();
  }

  Calls build() {
    std::vector<CallSums> functions(profile_.functions().size());
    std::map<std::pair<FunctionId, FunctionId>, CallSums> edges;  // callee, caller
    const auto& rows = tables_.calls;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const FunctionId callee = profile_.function_of(rows.callee[row]);
      if (callee.is_none()) {
        continue;
      }
      const StackId caller = rows.caller[row];
      const Ancestry ancestry = ancestry_of(caller, callee);
      const CallSums sums = sums_of(row, callee);
      add(functions[callee.row()], sums, !ancestry.has_callee);
      add(edges[{callee, function_of(caller)}], sums, !ancestry.has_edge);
      calls_.calls += sums.calls;
      if (!ancestry.has_callee) {
        calls_.primitive += sums.calls;
      }
      if (caller.is_none()) {
        calls_.time += sums.total;
        calls_.time_corrected += sums.total_corrected;
      }
    }
    for (std::size_t i = 0; i < functions.size(); ++i) {
      if (functions[i].calls != 0 || functions[i].total > 0) {
        calls_.functions.push_back({.function = FunctionId(i), .sums = functions[i]});
      }
    }
    for (const auto& [key, sums] : edges) {
      calls_.edges.push_back({.caller = key.second, .callee = key.first, .sums = sums});
    }
    return std::move(calls_);
  }

 private:
  struct Ancestry {
    bool has_callee = false;
    bool has_edge = false;
  };

  [[nodiscard]] FunctionId function_of(StackId stack) const {
    return profile_.function_of(profile_.leaf_of(stack));
  }

  // Recursion is mostly found close by.
  [[nodiscard]] Ancestry ancestry_of(StackId caller, FunctionId callee) const {
    Ancestry ancestry;
    const FunctionId own_caller = function_of(caller);
    for (StackId stack = caller; !stack.is_none() && !ancestry.has_edge;) {
      const StackId above = tables_.stacks.parent[stack.row()];
      if (function_of(stack) == callee) {
        ancestry.has_callee = true;
        ancestry.has_edge = function_of(above) == own_caller;
      }
      stack = above;
    }
    return ancestry;
  }

  [[nodiscard]] const CallCost& cost_of(FunctionId function) const {
    return profile_.function(function).kind == schema::CodeKind::builtin ? calls_.native
                                                                         : calls_.python;
  }

  static std::uint64_t pair_key(StackId caller, schema::CodeId callee) {
    return (std::uint64_t{caller.value} << 32U) | callee.value;
  }

  // The stack that a call's own callees have as theirs.
  void find_own_stacks() {
    const auto& stacks = tables_.stacks;
    for (std::size_t row = 0; row < stacks.size(); ++row) {
      const schema::FrameId frame = stacks.frame[row];
      if (!frame.is_none() && tables_.frames.offset[frame.row()] == -1) {
        own_stacks_.emplace(pair_key(stacks.parent[row], tables_.frames.code[frame.row()]),
                            StackId(row));
      }
    }
  }

  // For each stack: what looking at the calls from it cost beside them, and at all calls below it.
  void sum_costs() {
    const auto& rows = tables_.calls;
    const auto& stacks = tables_.stacks;
    beside_.resize(stacks.size());
    below_.resize(stacks.size());
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const FunctionId callee = profile_.function_of(rows.callee[row]);
      if (rows.caller[row].is_none() || callee.is_none()) {
        continue;
      }
      const auto count = static_cast<double>(rows.count[row]);
      beside_[rows.caller[row].row()] += count * cost_of(callee).outside;
      below_[rows.caller[row].row()] += count * cost_of(callee).whole();
    }
    for (std::size_t row = stacks.size(); row-- > 0;) {
      if (const StackId parent = stacks.parent[row]; !parent.is_none()) {
        below_[parent.row()] += below_[row];
      }
    }
  }

  [[nodiscard]] CallSums sums_of(std::size_t row, FunctionId callee) const {
    const auto& rows = tables_.calls;
    CallSums sums{.calls = rows.count[row],
                  .self = static_cast<double>(rows.self[row]),
                  .total = static_cast<double>(rows.total[row])};
    const double inside = static_cast<double>(sums.calls) * cost_of(callee).inside;
    const auto own = own_stacks_.find(pair_key(rows.caller[row], rows.callee[row]));
    const bool calls_others = own != own_stacks_.end();
    // Never less than nothing: the cost is a mean, and one call may have been quicker than that.
    sums.self_corrected =
        std::max(0.0, sums.self - inside - (calls_others ? beside_[own->second.row()] : 0));
    sums.total_corrected =
        std::max(0.0, sums.total - inside - (calls_others ? below_[own->second.row()] : 0));
    return sums;
  }

  static void add(CallSums& to, const CallSums& sums, bool outermost) {
    to.calls += sums.calls;
    to.self += sums.self;
    to.self_corrected += sums.self_corrected;
    if (outermost) {
      to.primitive += sums.calls;
      to.total += sums.total;
      to.total_corrected += sums.total_corrected;
    }
  }

  const Profile& profile_;
  const schema::Tables& tables_;
  Calls calls_;
  std::unordered_map<std::uint64_t, StackId> own_stacks_;
  std::vector<double> beside_;
  std::vector<double> below_;
};

}  // namespace

bool has_calls(const Profile& profile) {
  return profile.tables().calls.size() != 0;
}

Calls calls(const Profile& profile) {
  return Builder(profile).build();
}

}  // namespace lancehead::analyze
