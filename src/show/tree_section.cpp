// The call tree.
#include <algorithm>
#include <string>
#include <vector>

#include "analyze/call_tree.h"
#include "show/figures.h"
#include "show/names.h"
#include "show/sections.h"

namespace lancehead::show {
namespace {

constexpr double kLeastShare = 0.005;
constexpr std::size_t kDeepestIndent = 24;  // levels; below, the depth is written as a number

struct Pending {
  std::size_t node;
  std::size_t depth;
};

std::string indent(const Page& page, std::size_t depth) {
  if (depth <= kDeepestIndent) {
    return std::string(depth, ' ');
  }
  return fmt::format("{}{} ", page.ellipsis(), depth);
}

// Whether a node or anything below it matches the filter, for each node.
std::vector<bool> nodes_to_show(const Page& page, const analyze::CallTree& tree) {
  std::vector<bool> shows(tree.nodes.size());
  for (std::size_t i = tree.nodes.size(); i-- > 0;) {
    const auto& children = tree.nodes[i].children;
    shows[i] = page.shows(tree.nodes[i].function) ||
               std::ranges::any_of(children, [&shows](std::size_t child) { return shows[child]; });
  }
  return shows;
}

}  // namespace

void write_call_tree(Page& page) {
  const analyze::CallTree tree = analyze::call_tree(page.profile, page.selection);
  const auto shows = nodes_to_show(page, tree);
  const double all = page.selection.weights.total();
  page.heading("Call tree", share_base(page));
  page.write("{}\n", page.style.dim("     total      self  function"));
  std::vector<Pending> pending;
  const auto push_children = [&](std::size_t node, std::size_t depth) {
    const auto& children = tree.nodes[node].children;
    for (std::size_t i = children.size(); i-- > 0;) {
      pending.push_back({.node = children[i], .depth = depth});
    }
  };
  push_children(0, 0);
  std::size_t hidden = 0;
  while (!pending.empty()) {
    const Pending next = pending.back();
    pending.pop_back();
    const analyze::CallNode& node = tree.nodes[next.node];
    if (!shows[next.node]) {
      continue;
    }
    if (all <= 0 ||
        (node.total < kLeastShare * all && page.options.limit != std::optional<std::size_t>(0))) {
      ++hidden;
      continue;
    }
    const std::string lead = indent(page, next.depth);
    const std::size_t used = 22 + std::min<std::size_t>(next.depth, kDeepestIndent + 6);
    page.write("  {:>8}  {:>8}  {}{}{}\n", percent(node.total / all), percent(node.self / all),
               lead,
               page.function_and_place(
                   node.function,
                   node.function.is_none() ? 0 : page.profile.function(node.function).first_line,
                   page.terminal.width - std::min(used, page.terminal.width - 20)),
               node.recursive ? page.style.dim(" (recursive)") : "");
    push_children(next.node, next.depth + 1);
  }
  if (hidden > 0) {
    page.note(fmt::format("and {} {} below {}; --limit 0 shows all", count(hidden),
                          hidden == 1 ? "branch" : "branches", percent(kLeastShare)));
  }
}

}  // namespace lancehead::show
