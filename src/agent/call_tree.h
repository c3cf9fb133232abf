// The calls of one thread, counted and timed along their paths, in memory of the share.
//
// Everything here is on the path of every call of the program: entering and leaving are inline, and
// take a comparison each where the same is called as the last time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "agent/call_format.h"
#include "agent/tick_clock.h"

namespace lancehead::agent {

// Where a thread's nodes come from and who names them. Asked only when a path is seen for the first
// time, or where a path has many branches.
class CallSource {
 public:
  CallSource() = default;
  CallSource(const CallSource&) = delete;
  CallSource& operator=(const CallSource&) = delete;
  virtual ~CallSource() = default;

  // A new node, all 0; null where there is no room.
  virtual CallNode* new_node() = 0;
  // The number of what was called, as of CallNode.
  virtual std::uint32_t callee(const void* key) = 0;

  [[nodiscard]] CallNode* known(const CallNode* parent, const void* key) const;
  void remember(const CallNode* parent, CallNode* child);

 private:
  struct Branch {
    const CallNode* parent;
    const void* key;
    bool operator==(const Branch&) const = default;
  };
  struct BranchHash {
    std::size_t operator()(const Branch& branch) const noexcept;
  };

  std::unordered_map<Branch, CallNode*, BranchHash> branches_;  // of nodes with many
};

// The child of `parent` for `key`, which is made where there is none; null where there is no room.
[[nodiscard]] CallNode* find_child(CallSource& source, CallNode* parent, const void* key);

// Goes on as if what is open above the nearest entry of `key` had ended now. False where there is
// no entry of it: then nothing is done.
bool drop_down_to(CallThread& thread, const void* key, std::uint64_t now);

// There is no room for another entry, or no node for it: it is left out, with all that it calls.
void enter_without_room(CallThread& thread);
// Whether the call that is left was one of those.
[[nodiscard]] bool leave_without_room(CallThread& thread);

// Where the entries of a thread stand: that of the root is the first.
[[nodiscard]] inline CallEntry* entries(CallThread& thread) {
  return reinterpret_cast<CallEntry*>(&thread + 1);
}

void begin_thread(CallThread& thread, CallNode* root, std::uint64_t now);

// A call begins. The time is taken last, so that what this costs is the caller's.
template <typename Clock>
inline void enter(CallThread& thread, CallSource& source, const void* key, Clock clock) {
  CallEntry* top = thread.top;
  CallNode* parent = top->node;
  CallNode* node = parent->last_child;
  if (node == nullptr || node->key != key) [[unlikely]] {
    node = find_child(source, parent, key);
  }
  if (node == nullptr || top == thread.last) [[unlikely]] {
    enter_without_room(thread);
    return;
  }
  ++node->count;
  ++top;
  top->node = node;
  thread.top = top;
  top->began = clock();
}

// The innermost call ends, at `now`.
inline void leave_top(CallThread& thread, std::uint64_t now) {
  CallEntry* top = thread.top;
  top->node->ticks += now - top->began;
  thread.top = top - 1;
}

// Back in code of this key: a function in C that it called has ended, with all that is above.
inline void end_native(CallThread& thread, const void* key, std::uint64_t now) {
  if (thread.overflow != 0) {
    return;
  }
  if (thread.top != entries(thread) && (thread.top - 1)->node->key == key) [[likely]] {
    leave_top(thread, now);
  } else {
    drop_down_to(thread, key, now);
  }
}

// A call of `key` ends, at `now`: what it called and whose end was not seen has ended, too.
inline void leave(CallThread& thread, const void* key, std::uint64_t now) {
  if (thread.top->node->key != key || thread.overflow != 0) [[unlikely]] {
    if (leave_without_room(thread)) {
      return;
    }
    if (thread.top->node->key != key && !drop_down_to(thread, key, now)) {
      ++thread.unmatched;
      return;
    }
  }
  leave_top(thread, now);
}

}  // namespace lancehead::agent
