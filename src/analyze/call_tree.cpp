#include "analyze/call_tree.h"

#include <algorithm>
#include <map>
#include <utility>

namespace lancehead::analyze {
namespace {

using profile::FunctionId;
using profile::Profile;

class Builder {
 public:
  explicit Builder(const Profile& profile) : profile_(&profile) {
    tree_.nodes.emplace_back();
    const auto& stacks = profile.tables().stacks;
    node_of_stack_.reserve(stacks.size());
    for (std::size_t row = 0; row < stacks.size(); ++row) {
      const schema::StackId parent = stacks.parent[row];
      node_of_stack_.push_back(node_below(parent.is_none() ? 0 : node_of_stack_[parent.row()],
                                          profile.function_of(stacks.frame[row])));
    }
  }

  CallTree build(const Selection& selection) {
    const auto& samples = profile_->tables().samples;
    for (std::size_t i = 0; i < selection.samples.size(); ++i) {
      const schema::StackId stack = samples.stack[selection.samples[i]];
      tree_.nodes[stack.is_none() ? 0 : node_of_stack_[stack.row()]].self += selection.weights[i];
    }
    sum_totals();
    return std::move(tree_);
  }

 private:
  std::size_t node_below(std::size_t parent, FunctionId function) {
    if (tree_.nodes[parent].function == function) {
      tree_.nodes[parent].recursive = tree_.nodes[parent].recursive || !function.is_none();
      return parent;
    }
    const auto [entry, is_new] = known_.try_emplace({parent, function}, tree_.nodes.size());
    if (is_new) {
      tree_.nodes.push_back({.function = function, .children = {}});
      parents_.push_back(parent);
    }
    return entry->second;
  }

  // A node comes after its parent, so one pass from the back sums all.
  void sum_totals() {
    auto& nodes = tree_.nodes;
    for (std::size_t i = nodes.size(); i-- > 0;) {
      nodes[i].total += nodes[i].self;
      if (i > 0) {
        nodes[parents_[i - 1]].total += nodes[i].total;
        nodes[parents_[i - 1]].children.push_back(i);
      }
    }
    for (CallNode& node : nodes) {
      std::erase_if(node.children, [&nodes](std::size_t i) { return !(nodes[i].total > 0); });
      std::ranges::sort(node.children, [&nodes](std::size_t a, std::size_t b) {
        return std::pair(-nodes[a].total, a) < std::pair(-nodes[b].total, b);
      });
    }
  }

  const Profile* profile_;
  CallTree tree_;
  std::vector<std::size_t> parents_;  // of nodes 1, 2, …
  std::vector<std::size_t> node_of_stack_;
  std::map<std::pair<std::size_t, FunctionId>, std::size_t> known_;
};

}  // namespace

CallTree call_tree(const Profile& profile, const Selection& selection) {
  return Builder(profile).build(selection);
}

}  // namespace lancehead::analyze
