// How calls stand in the share while they are counted: one tree of call paths for each thread, and
// the calls that it is in now.
//
// A thread's segment holds a CallThread, with the thread's own stack of open calls behind it; its
// other segments hold nodes, which never move. Pointers are those of the process that counts; the
// segment's `base` says where it stands there, so that readers can tell which node is meant.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lancehead::agent {

inline constexpr std::uint32_t kNoCallee = 0xFFFFFFFF;

// One path of calls. Its place in the tree is its path; the root stands for the thread itself. A
// cache line. Children stand in the order in which they were first called, so that in a loop the
// next child to be called is often the next sibling of the last.
struct alignas(64) CallNode {
  const void* key = nullptr;  // what the interpreter knows the callee by
  CallNode* last_child = nullptr;
  CallNode* first_child = nullptr;
  CallNode* next_sibling = nullptr;
  std::uint64_t count = 0;
  std::uint64_t ticks = 0;           // until return, of the calls that have returned
  std::uint32_t callee = kNoCallee;  // among the records that the process has
};
static_assert(sizeof(CallNode) == 64);

// A call that has not returned.
struct CallEntry {
  CallNode* node = nullptr;
  std::uint64_t began = 0;  // ticks
};

struct alignas(64) CallThread {
  std::uint64_t kernel_id = 0;
  std::uint64_t started = 0;   // ticks
  CallEntry* top = nullptr;    // the innermost open call; the entry of the root where there is none
  CallEntry* last = nullptr;   // the last entry that there is room for; moved while there is none
  std::uint64_t overflow = 0;  // open calls that there is no room for
  std::uint64_t lost = 0;      // calls that could not be given a node
  std::uint64_t dropped = 0;   // open calls whose end was not seen
  std::uint64_t unmatched = 0;  // ends of calls whose beginning was not seen
  std::uint64_t ended = 0;      // ticks; 0 where the process did not come to say so
};
static_assert(sizeof(CallThread) == 128);

inline constexpr std::size_t kCallEntries = (4U << 20U) / sizeof(CallEntry);
inline constexpr std::size_t kNodeOffset = 64;    // of the first node in its segment
inline constexpr std::size_t kThreadOffset = 64;  // of the CallThread in its segment

// The first segment of nodes is small, since there may be many threads; the root is its first node.
inline constexpr std::size_t kFirstNodeSegment = 64U << 10U;
inline constexpr std::size_t kNodeSegment = 1U << 20U;

}  // namespace lancehead::agent
