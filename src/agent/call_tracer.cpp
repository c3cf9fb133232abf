#include "agent/call_tracer.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <new>
#include <vector>

#include "agent/call_calibration.h"
#include "agent/call_monitor.h"
#include "agent/call_profile_hook.h"

namespace lancehead::agent {

constinit thread_local ThreadCalls* CallTracer::own_ = nullptr;
constinit TickClock CallTracer::the_clock_ = TickClock::monotonic;

bool ThreadCalls::begin(std::uint64_t now) {
  constexpr std::size_t kSize =
      kThreadOffset + sizeof(CallThread) + kCallEntries * sizeof(CallEntry);
  SegmentHeader* segment = share_.new_segment(SegmentKind::call_thread, number_, kSize);
  if (segment == nullptr) {
    return false;
  }
  segments_.push_back(segment);
  auto* made = new (reinterpret_cast<char*>(segment) + kThreadOffset) CallThread;
  CallNode* root = new_node();
  if (root == nullptr) {
    return false;
  }
  made->kernel_id = static_cast<std::uint64_t>(::gettid());
  begin_thread(*made, root, now);
  thread = made;
  return true;
}

CallNode* ThreadCalls::new_node() {
  std::uint64_t used = nodes_ == nullptr ? 0 : nodes_->used.load(std::memory_order_relaxed);
  if (nodes_ == nullptr || kNodeOffset + (used + 1) * sizeof(CallNode) > nodes_->size) {
    SegmentHeader* made = share_.new_segment(SegmentKind::call_nodes, number_,
                                             nodes_ == nullptr ? kFirstNodeSegment : kNodeSegment);
    if (made == nullptr) {
      return nullptr;
    }
    nodes_ = made;
    segments_.push_back(made);
    used = 0;
  }
  auto* node =
      new (reinterpret_cast<char*>(nodes_) + kNodeOffset + used * sizeof(CallNode)) CallNode;
  nodes_->used.store(used + 1, std::memory_order_release);
  return node;
}

void ThreadCalls::end() {
  for (SegmentHeader* segment : segments_) {
    ::munmap(segment, segment->size);
  }
  thread = nullptr;
}

std::uint32_t ThreadCalls::callee(const void* key) {
  return names_.number(key, function);
}

CallTracer::CallTracer(const PythonApi& api, const python::Layout& layout, ShareWriter& share)
    : api_(api),
      layout_(layout),
      share_(share),
      names_(api, layout, share),
      shape_{.type = layout.object.type.bytes,
             .head = layout.object.type.bytes + sizeof(TypeObject*)},
      c_function_(api.c_function_type),
      c_method_(api.c_method_type),
      method_descriptor_(api.method_descriptor_type),
      clock_(has_steady_ticks() ? TickClock::processor : TickClock::monotonic) {
  the_clock_ = clock_;
  ::pthread_key_create(&at_end_, &CallTracer::end_thread);
}

// Calls that are open end with their thread.
void CallTracer::end_thread(void* data) {
  auto* calls = static_cast<ThreadCalls*>(data);
  if (calls != own_) {
    return;  // of the process that this one was forked from
  }
  calls->thread->ended = ticks(the_clock_);
  own_ = nullptr;
  calls->end();
  delete calls;
}

ThreadCalls* CallTracer::new_thread() {
  if (failed_) {
    return nullptr;
  }
  auto calls = std::make_unique<ThreadCalls>(share_, names_, thread_count_++);
  if (!calls->begin(ticks(clock_))) {
    failed_ = true;
    return nullptr;
  }
  own_ = calls.release();
  ::pthread_setspecific(at_end_, own_);
  return own_;
}

bool CallTracer::begin() {
  calibration_ = std::make_unique<CallCalibration>(*this);
  calibration_->measure_plain();
  events_ = std::make_unique<CallMonitor>(*this);
  if (!api_.version.at_least(12) || !events_->begin()) {
    events_ = std::make_unique<CallProfileHook>(*this);
    if (!events_->begin()) {
      events_.reset();
    }
  }
  if (events_ != nullptr) {
    ScratchCalls scratch(share_, names_);
    own_ = &scratch;
    calibration_->measure_watched(scratch);
    own_ = nullptr;
  }
  record_ = CallsRecord{
      .clock = static_cast<std::uint32_t>(clock_),
      .ticks = ticks(clock_),
      .monotonic = monotonic_ticks(),
      .events = static_cast<std::uint32_t>(events_ == nullptr ? CallEvents::none : events_->kind()),
      .python = {},
      .native = {}};
  calibration_->result(record_);
  share_.write(RecordKind::calls, encode(record_));
  api_.PyErr_Clear();
  return events_ != nullptr && events_->kind() == CallEvents::monitoring;
}

CallTracer::~CallTracer() = default;

void CallTracer::calibrate_probed(CodeCounter& counter) {
  ScratchCalls scratch(share_, names_);
  own_ = &scratch;
  calibration_->measure_probed(counter, scratch);
  own_ = nullptr;
  calibration_->result(record_);
  share_.write(RecordKind::calls, encode(record_));
  calibration_.reset();
  api_.PyErr_Clear();
}

// The tree of the copy begins with the path that it is on; what was counted along it, the parent
// counted.
void CallTracer::begin_child() {
  const ThreadCalls* before = own_;
  own_ = nullptr;
  thread_count_ = 0;
  if (before == nullptr || new_thread() == nullptr) {
    return;
  }
  CallThread& now = *own_->thread;
  const CallEntry* first = entries(*before->thread);
  const auto open = static_cast<std::size_t>(before->thread->top - first);
  for (std::size_t i = 1; i <= open; ++i) {
    const CallNode& from = *first[i].node;
    CallNode* node = own_->new_node();
    if (node == nullptr) {
      return;
    }
    node->key = from.key;
    node->callee = from.callee;
    CallNode* parent = now.top->node;
    parent->first_child = node;
    parent->last_child = node;
    own_->remember(parent, node);
    ++now.top;
    now.top->node = node;
    now.top->began = now.started;
  }
}

}  // namespace lancehead::agent
