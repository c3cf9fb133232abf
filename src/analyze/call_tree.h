// Time along call paths.
#pragma once

#include <cstddef>
#include <vector>

#include "analyze/selection.h"
#include "profile/profile.h"

namespace lancehead::analyze {

// A function that calls itself directly is one node, marked `recursive`.
struct CallNode {
  profile::FunctionId function;       // none at the root
  std::vector<std::size_t> children;  // by total, largest first
  double self = 0;                    // ns
  double total = 0;                   // ns
  bool recursive = false;
};

// Node 0 is the root, above every thread's outermost function.
struct CallTree {
  std::vector<CallNode> nodes;
};

[[nodiscard]] CallTree call_tree(const profile::Profile& profile, const Selection& selection);

}  // namespace lancehead::analyze
