#include "python/thread_state.h"

#include <algorithm>
#include <cstring>

#include "python/gil.h"

namespace lancehead::python {
namespace {

using target::Address;

constexpr std::size_t kMostInterpreters = 1024;
constexpr std::size_t kMostThreads = 65536;

std::uint64_t load(std::span<const std::byte> bytes, Offset field) {
  std::uint64_t value = 0;
  if (field.present() && field.bytes + sizeof value <= bytes.size()) {
    std::memcpy(&value, bytes.data() + field.bytes, sizeof value);
  }
  return value;
}

}  // namespace

std::size_t thread_head_size(const Layout& layout) {
  const ThreadLayout& at = layout.thread;
  std::size_t size = 0;
  for (const Offset field :
       {at.next, at.interp, at.thread_id, at.native_thread_id, at.frame, at.cframe,
        at.datastack_chunk, at.datastack_top, at.current_executor, at.serial}) {
    if (field.present()) {
      size = std::max(size, field.bytes + sizeof(std::uint64_t));
    }
  }
  return size;
}

ThreadState decode_thread_state(const Layout& layout, std::span<const std::byte> bytes) {
  const ThreadLayout& at = layout.thread;
  return {.next = {load(bytes, at.next)},
          .interpreter = {load(bytes, at.interp)},
          .frame = {load(bytes, at.frame)},
          .cframe = {load(bytes, at.cframe)},
          .chunk = {load(bytes, at.datastack_chunk)},
          .chunk_top = {load(bytes, at.datastack_top)},
          .executor = {load(bytes, at.current_executor)},
          .pthread = load(bytes, at.thread_id),
          .kernel_id = load(bytes, at.native_thread_id),
          .serial = load(bytes, at.serial)};
}

Faulty<std::vector<Interpreter>> list_interpreters(target::Memory& memory, const Layout& layout,
                                                   Address runtime) {
  std::vector<Interpreter> interpreters;
  auto next = memory.read_pointer(runtime + layout.runtime.interpreters_head.bytes);
  while (next && !next->is_null() && interpreters.size() < kMostInterpreters) {
    Interpreter interpreter{.address = *next};
    const auto id = memory.read_value<std::int64_t>(*next + layout.interpreter.id.bytes);
    const auto gil = find_gil(memory, layout, runtime, *next);
    if (!id || !gil) {
      return std::unexpected(Fault::unmapped);
    }
    interpreter.id = *id;
    interpreter.gil = layout.free_threaded ? Address{} : *gil;
    interpreters.push_back(interpreter);
    next = memory.read_pointer(interpreter.address + layout.interpreter.next.bytes);
  }
  if (!next) {
    return std::unexpected(next.error());
  }
  return interpreters;
}

Faulty<std::vector<Address>> list_threads(target::Memory& memory, const Layout& layout,
                                          Address interpreter) {
  std::vector<Address> threads;
  auto next = memory.read_pointer(interpreter + layout.interpreter.threads_head.bytes);
  while (next && !next->is_null() && threads.size() < kMostThreads) {
    threads.push_back(*next);
    next = memory.read_pointer(*next + layout.thread.next.bytes);
  }
  if (!next && threads.empty()) {
    return std::unexpected(next.error());
  }
  return threads;
}

bool is_consistent(target::Memory& memory, const Layout& layout, Address runtime) {
  const auto interpreters = list_interpreters(memory, layout, runtime);
  if (!interpreters || interpreters->empty()) {
    return false;
  }
  return std::ranges::all_of(*interpreters, [&](const Interpreter& interpreter) {
    const auto threads = list_threads(memory, layout, interpreter.address);
    return threads && std::ranges::all_of(*threads, [&](Address thread) {
             const auto back = memory.read_pointer(thread + layout.thread.interp.bytes);
             return back && *back == interpreter.address;
           });
  });
}

}  // namespace lancehead::python
