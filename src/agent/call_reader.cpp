#include "agent/call_reader.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>

#include "agent/call_format.h"

namespace lancehead::agent {
namespace {

constexpr std::uint64_t kMostSegment = 64U << 20U;
constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

// A node as it is read: its links are addresses in the process.
struct RawNode {
  std::uint64_t key, last_child, first_child, next_sibling, count, ticks;
  std::uint32_t callee;
};
struct RawThread {
  std::uint64_t kernel_id, started, top, last, overflow, lost, dropped, unmatched, ended;
};
struct RawEntry {
  std::uint64_t node, began;
};
static_assert(offsetof(RawNode, callee) == offsetof(CallNode, callee));
static_assert(offsetof(RawThread, ended) == offsetof(CallThread, ended));
static_assert(sizeof(RawEntry) == sizeof(CallEntry));

// All nodes of a thread, found by their addresses.
class Nodes {
 public:
  Nodes(const ShareReader& share, const ShareReader::CallSegments& segments) {
    for (const ShareReader::CallSegment& segment : segments.nodes) {
      if (segment.size < kNodeOffset || segment.size > kMostSegment) {
        continue;
      }
      Run run{.base = segment.base, .first = nodes_.size(), .count = 0};
      run.count = (segment.size - kNodeOffset) / sizeof(CallNode);
      std::vector<std::byte> bytes(run.count * sizeof(CallNode));
      if (!share.read_at(segment.offset + kNodeOffset, bytes)) {
        continue;
      }
      for (std::size_t i = 0; i < run.count; ++i) {
        RawNode node{};
        std::memcpy(&node, bytes.data() + i * sizeof(CallNode), sizeof(RawNode));
        nodes_.push_back(node);
      }
      runs_.push_back(run);
    }
    root_ = runs_.empty() ? kNone : static_cast<std::uint32_t>(runs_.front().first);
    std::ranges::sort(runs_, {}, &Run::base);
  }

  [[nodiscard]] std::uint32_t at(std::uint64_t address) const {
    const auto after = std::ranges::upper_bound(runs_, address, {}, &Run::base);
    if (after == runs_.begin()) {
      return kNone;
    }
    const Run& run = *std::prev(after);
    const std::uint64_t offset = address - run.base;
    if (offset < kNodeOffset || (offset - kNodeOffset) % sizeof(CallNode) != 0 ||
        (offset - kNodeOffset) / sizeof(CallNode) >= run.count) {
      return kNone;
    }
    return static_cast<std::uint32_t>(run.first + (offset - kNodeOffset) / sizeof(CallNode));
  }

  [[nodiscard]] std::uint32_t root() const { return root_; }
  [[nodiscard]] const RawNode& operator[](std::uint32_t index) const { return nodes_[index]; }
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }

 private:
  struct Run {
    std::uint64_t base;
    std::size_t first, count;
  };

  std::vector<RawNode> nodes_;
  std::vector<Run> runs_;
  std::uint32_t root_ = kNone;
};

// Callers first; `place` becomes where each node stands in the result.
std::vector<ReadCall> flatten(const Nodes& nodes, std::vector<std::uint32_t>& place) {
  std::vector<ReadCall> calls;
  std::vector<bool> seen(nodes.size());
  std::vector<std::pair<std::uint32_t, std::uint32_t>> waiting;  // a node, its parent's place
  place.assign(nodes.size(), kNone);
  const auto add_children = [&](std::uint32_t node, std::uint32_t parent) {
    for (std::uint32_t child = nodes.at(nodes[node].first_child); child != kNone && !seen[child];
         child = nodes.at(nodes[child].next_sibling)) {
      seen[child] = true;
      waiting.emplace_back(child, parent);
    }
  };
  if (nodes.root() == kNone) {
    return calls;
  }
  seen[nodes.root()] = true;
  add_children(nodes.root(), ReadCall::kRoot);
  while (!waiting.empty()) {
    const auto [node, parent] = waiting.back();
    waiting.pop_back();
    const auto own = static_cast<std::uint32_t>(calls.size());
    place[node] = own;
    calls.push_back({.parent = parent,
                     .callee = nodes[node].callee,
                     .count = nodes[node].count,
                     .ticks = nodes[node].ticks});
    add_children(node, own);
  }
  return calls;
}

}  // namespace

ReadCallThread read_calls(const ShareReader& share, const ShareReader::CallSegments& segments,
                          std::uint64_t end) {
  ReadCallThread result;
  RawThread thread{};
  if (!segments.thread || !share.read_at(segments.thread->offset + kThreadOffset,
                                         std::as_writable_bytes(std::span(&thread, 1)))) {
    return result;
  }
  result.kernel_id = thread.kernel_id;
  result.lost = thread.lost;
  result.dropped = thread.dropped;
  result.unmatched = thread.unmatched;
  const Nodes nodes(share, segments);
  std::vector<std::uint32_t> place;
  result.calls = flatten(nodes, place);

  constexpr std::uint64_t kEntries = kThreadOffset + sizeof(CallThread);
  const std::uint64_t first = segments.thread->base + kEntries;
  if (thread.top < first || (thread.top - first) / sizeof(RawEntry) >= kCallEntries) {
    return result;
  }
  std::vector<RawEntry> open((thread.top - first) / sizeof(RawEntry) + 1);
  if (!share.read_at(segments.thread->offset + kEntries, std::as_writable_bytes(std::span(open)))) {
    return result;
  }
  const std::uint64_t ended = thread.ended != 0 ? thread.ended : end;
  for (const RawEntry& entry : std::span(open).subspan(1)) {
    const std::uint32_t node = nodes.at(entry.node);
    if (node != kNone && place[node] != kNone && entry.began != 0) {
      ReadCall& call = result.calls[place[node]];
      call.ticks += ended > entry.began ? ended - entry.began : 0;
      ++call.open;
    }
  }
  return result;
}

}  // namespace lancehead::agent
