#include "agent/call_calibration.h"

#include <algorithm>
#include <limits>
#include <new>

namespace lancehead::agent {
namespace {

constexpr int kFile = 257;  // Py_file_input
constexpr std::ptrdiff_t kCalls = 250;
constexpr int kRepeats = 12;  // the quickest counts: what disturbs only adds

constexpr const char* kProgram =
    "def empty():\n"
    "    pass\n"
    "def python(items, callee):\n"
    "    for item in items:\n"
    "        empty()\n"
    "def native(items, callee):\n"
    "    for item in items:\n"
    "        callee(items)\n"
    "def nothing(items, callee):\n"
    "    for item in items:\n"
    "        pass\n";

}  // namespace

ScratchCalls::ScratchCalls(ShareWriter& share, CallNames& names)
    : ThreadCalls(share, names, 0),
      memory_(2 * alignof(CallThread) + sizeof(CallThread) + kCallEntries * sizeof(CallEntry)) {
  void* place = memory_.data();
  std::size_t room = memory_.size();
  thread = new (std::align(alignof(CallThread), sizeof(CallThread), place, room)) CallThread;
  begin_thread(*thread, ScratchCalls::new_node(), 0);
}

CallNode* ScratchCalls::new_node() {
  made_.push_back(std::make_unique<CallNode>());
  return made_.back().get();
}

std::uint32_t ScratchCalls::callee(const void* /*key*/) {
  return kNoCallee;
}

CallCalibration::CallCalibration(const CallTracer& tracer)
    : tracer_(tracer),
      api_(tracer.api()),
      items_(api_, api_.PyTuple_New(kCalls)),
      names_(api_, api_.PyDict_New()) {
  if (!items_ || !names_ || api_.Py_CompileString == nullptr) {
    return;
  }
  for (std::ptrdiff_t i = 0; i < kCalls; ++i) {
    api_.Py_IncRef(api_.none);
    api_.PyTuple_SetItem(items_.get(), i, api_.none);
  }
  (void)define(nullptr);
}

// Makes the functions that are called.
bool CallCalibration::define(CodeCounter* counter) {
  if (!items_ || !names_ || api_.Py_CompileString == nullptr) {
    return false;
  }
  const ObjectRef code(api_, api_.Py_CompileString(kProgram, "<lancehead>", kFile));
  Object* runs = code && counter != nullptr ? counter->counted_always(code.get()) : code.get();
  if (runs == nullptr || !ObjectRef(api_, api_.PyEval_EvalCode(runs, names_.get(), names_.get()))) {
    api_.PyErr_Clear();
    return false;
  }
  callee_ = api_.PyDict_GetItemString(api_.PyEval_GetBuiltins(), "len");
  python_ = api_.PyDict_GetItemString(names_.get(), "python");
  native_ = api_.PyDict_GetItemString(names_.get(), "native");
  nothing_ = api_.PyDict_GetItemString(names_.get(), "nothing");
  return true;
}

void CallCalibration::measure_probed(CodeCounter& counter, const ScratchCalls& scratch) {
  if (nothing_ != nullptr && define(&counter)) {
    measure_watched(scratch);
  }
}

// Of the whole loop, the quickest of some.
double CallCalibration::time_calls(Object* function, Object* argument) const {
  const ObjectRef arguments(api_, api_.PyTuple_New(2));
  for (Object* each : {items_.get(), argument}) {
    api_.Py_IncRef(each);
    api_.PyTuple_SetItem(arguments.get(), each == argument ? 1 : 0, each);
  }
  double best = std::numeric_limits<double>::max();
  for (int i = 0; i < kRepeats; ++i) {
    const std::uint64_t began = ticks(tracer_.clock());
    const ObjectRef result(api_, api_.PyObject_Call(function, arguments.get(), nullptr));
    best = std::min(best, static_cast<double>(ticks(tracer_.clock()) - began));
    if (!result) {
      api_.PyErr_Clear();
    }
  }
  return best / static_cast<double>(kCalls);
}

void CallCalibration::measure_plain() {
  if (nothing_ == nullptr || callee_ == nullptr) {
    return;
  }
  loop_ = time_calls(nothing_, callee_);
  python_cost_.plain = time_calls(python_, callee_) - loop_;
  native_cost_.plain = time_calls(native_, callee_) - loop_;
}

void CallCalibration::measure_watched(const ScratchCalls& scratch) {
  if (nothing_ == nullptr || callee_ == nullptr) {
    return;
  }
  const std::pair<Object*, Cost*> both[] = {{python_, &python_cost_}, {native_, &native_cost_}};
  for (const auto& [function, cost] : both) {
    cost->watched = time_calls(function, callee_) - loop_;
    // The loop is the root's newest child, and the callee its own only one.
    const CallNode* loop = scratch.thread->top->node->last_child;
    const CallNode* callee = loop == nullptr ? nullptr : loop->last_child;
    if (callee != nullptr && callee->count != 0) {
      cost->within = static_cast<double>(callee->ticks) / static_cast<double>(callee->count);
    }
  }
}

// Of what an empty call takes by itself, half is taken to be its own, and half its caller's.
void CallCalibration::result(CallsRecord& record) const {
  constexpr double kThousand = 1000;
  const std::pair<const Cost*, CallsRecord::Cost*> both[] = {{&python_cost_, &record.python},
                                                             {&native_cost_, &record.native}};
  for (const auto& [cost, to] : both) {
    if (cost->within <= 0 || cost->watched <= cost->plain) {
      continue;
    }
    const double whole = cost->watched - cost->plain;
    const double inside = std::clamp(cost->within - cost->plain / 2, 0.0, whole);
    to->inside = static_cast<std::uint64_t>(inside * kThousand);
    to->outside = static_cast<std::uint64_t>((whole - inside) * kThousand);
  }
}

}  // namespace lancehead::agent
