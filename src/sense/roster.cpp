#include "sense/roster.h"

namespace lancehead::sense {
namespace {

using target::Address;

constexpr int kAttempts = 4;

Address gc_address(const python::Layout& layout, Address runtime, Address interpreter) {
  return layout.interpreter.gc_collecting.present()
             ? interpreter + layout.interpreter.gc_collecting.bytes
             : runtime + layout.runtime.gc_collecting.bytes;
}

}  // namespace

void Roster::lay_out() {
  batch_.clear();
  batch_.add(runtime_ + layout_.runtime.interpreters_head.bytes, sizeof(std::uint64_t));
  for (const RosterInterpreter& each : interpreters_) {
    const Address at = each.interpreter.address;
    batch_.add(at + layout_.interpreter.next.bytes, sizeof(std::uint64_t));
    batch_.add(at + layout_.interpreter.threads_head.bytes, sizeof(std::uint64_t));
    batch_.add(gc_address(layout_, runtime_, at), sizeof(std::int32_t));
    if (!each.interpreter.gil.is_null()) {
      batch_.add(each.interpreter.gil, layout_.gil.cond.bytes);
    }
    for (const RosterThread& thread : each.threads) {
      batch_.add(thread.address, python::thread_head_size(layout_));
    }
  }
}

bool Roster::take() {
  std::size_t slot = 0;
  const auto next_slot = [&slot] { return static_cast<Slot>(slot++); };
  const auto pointer = [&](Slot at) { return Address{batch_.value<std::uint64_t>(at, 0)}; };
  const auto expected = [](const auto& list, std::size_t index, auto address_of) {
    return index < list.size() ? address_of(list[index]) : Address{};
  };
  const auto interpreter_at = [&](std::size_t index) {
    return expected(interpreters_, index,
                    [](const RosterInterpreter& each) { return each.interpreter.address; });
  };
  bool linked = pointer(next_slot()) == interpreter_at(0);
  for (std::size_t i = 0; i < interpreters_.size(); ++i) {
    RosterInterpreter& each = interpreters_[i];
    const auto thread_at = [&](std::size_t index) {
      return expected(each.threads, index,
                      [](const RosterThread& thread) { return thread.address; });
    };
    linked = pointer(next_slot()) == interpreter_at(i + 1) && linked;
    linked = pointer(next_slot()) == thread_at(0) && linked;
    each.collecting = batch_.value<std::int32_t>(next_slot(), 0) != 0;
    if (!each.interpreter.gil.is_null()) {
      each.gil = python::decode_gil(layout_, batch_.bytes(next_slot()));
    } else if (!layout_.free_threaded) {
      linked = false;  // an interpreter that is being made has no GIL yet
    }
    for (std::size_t j = 0; j < each.threads.size(); ++j) {
      RosterThread& thread = each.threads[j];
      thread.state = python::decode_thread_state(layout_, batch_.bytes(next_slot()));
      linked = thread.state.next == thread_at(j + 1) &&
               thread.state.interpreter == each.interpreter.address && linked;
    }
  }
  return linked;
}

Faulty<void> Roster::rebuild() {
  const auto interpreters = python::list_interpreters(memory_, layout_, runtime_);
  if (!interpreters) {
    return std::unexpected(interpreters.error());
  }
  interpreters_.clear();
  for (const python::Interpreter& interpreter : *interpreters) {
    RosterInterpreter each{.interpreter = interpreter};
    if (const auto threads = python::list_threads(memory_, layout_, interpreter.address)) {
      for (const Address thread : *threads) {
        each.threads.push_back({.address = thread});
      }
    }
    interpreters_.push_back(std::move(each));
  }
  return {};
}

Faulty<bool> Roster::refresh() {
  bool changed = false;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (!batch_.empty()) {
      if (const auto read = batch_.read(memory_); !read) {
        return std::unexpected(read.error());
      }
      if (batch_.all_read() && take()) {
        return changed;
      }
    }
    if (const auto rebuilt = rebuild(); !rebuilt) {
      return std::unexpected(rebuilt.error());
    }
    lay_out();
    changed = true;
  }
  return std::unexpected(Fault::changed);
}

}  // namespace lancehead::sense
