#include "agent/call_tree.h"

namespace lancehead::agent {
namespace {

// As many siblings are looked through one by one before a table is asked.
constexpr int kFewBranches = 8;

}  // namespace

std::size_t CallSource::BranchHash::operator()(const Branch& branch) const noexcept {
  constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15ULL;
  const auto parent = reinterpret_cast<std::uintptr_t>(branch.parent);
  const auto key = reinterpret_cast<std::uintptr_t>(branch.key);
  return static_cast<std::size_t>(((parent >> 6U) * kMix) ^ ((key >> 4U) * kMix >> 7U));
}

CallNode* CallSource::known(const CallNode* parent, const void* key) const {
  const auto found = branches_.find({parent, key});
  return found == branches_.end() ? nullptr : found->second;
}

void CallSource::remember(const CallNode* parent, CallNode* child) {
  branches_.emplace(Branch{parent, child->key}, child);
}

CallNode* find_child(CallSource& source, CallNode* parent, const void* key) {
  // Twice around where there are few, since the search begins behind the last child.
  CallNode* node = parent->last_child;
  for (int i = 0; i < kFewBranches && node != nullptr; ++i, node = node->next_sibling) {
    if (node->key == key) {
      parent->last_child = node;
      return node;
    }
  }
  node = parent->first_child;
  int passed = 0;
  for (; passed < kFewBranches && node != nullptr; ++passed, node = node->next_sibling) {
    if (node->key == key) {
      parent->last_child = node;
      return node;
    }
  }
  if (node != nullptr) {
    if (CallNode* known = source.known(parent, key)) {
      parent->last_child = known;
      return known;
    }
  }
  CallNode* made = source.new_node();
  if (made == nullptr) {
    return nullptr;
  }
  made->key = key;
  made->callee = source.callee(key);
  // Complete before it can be found: the process may be killed at any moment.
  CallNode* before = parent->last_child;
  made->next_sibling = before == nullptr ? parent->first_child : before->next_sibling;
  (before == nullptr ? parent->first_child : before->next_sibling) = made;
  parent->last_child = made;
  source.remember(parent, made);
  return made;
}

bool drop_down_to(CallThread& thread, const void* key, std::uint64_t now) {
  CallEntry* const root = entries(thread);
  CallEntry* entry = thread.top;
  while (entry != root && entry->node->key != key) {
    --entry;
  }
  if (entry == root) {
    return false;
  }
  while (thread.top != entry) {
    ++thread.dropped;
    leave_top(thread, now);
  }
  return true;
}

void enter_without_room(CallThread& thread) {
  ++thread.lost;
  if (thread.overflow++ == 0) {
    thread.last = thread.top;  // so that all calls come here until this one has ended
  }
}

bool leave_without_room(CallThread& thread) {
  if (thread.overflow == 0) {
    return false;
  }
  if (--thread.overflow == 0) {
    thread.last = entries(thread) + kCallEntries - 1;
  }
  return true;
}

void begin_thread(CallThread& thread, CallNode* root, std::uint64_t now) {
  thread.started = now;
  thread.top = entries(thread);
  thread.last = thread.top + kCallEntries - 1;
  thread.top->node = root;
  thread.top->began = now;
}

}  // namespace lancehead::agent
