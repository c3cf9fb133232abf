#include "python/gil.h"

#include <cstring>

namespace lancehead::python {

using target::Address;

Faulty<Address> find_gil(target::Memory& memory, const Layout& layout, Address runtime,
                         Address interpreter) {
  if (layout.runtime.gil.present()) {
    return runtime + layout.runtime.gil.bytes;
  }
  return memory.read_pointer(interpreter + layout.interpreter.gil_pointer.bytes);
}

GilState decode_gil(const Layout& layout, std::span<const std::byte> bytes) {
  GilState state;
  if (bytes.size() < layout.gil.switch_number.bytes + sizeof(std::uint64_t)) {
    return state;
  }
  std::int32_t locked = 0;
  std::memcpy(&state.last_holder.value, bytes.data() + layout.gil.last_holder.bytes,
              sizeof(std::uint64_t));
  std::memcpy(&locked, bytes.data() + layout.gil.locked.bytes, sizeof locked);
  std::memcpy(&state.switch_number, bytes.data() + layout.gil.switch_number.bytes,
              sizeof state.switch_number);
  state.locked = locked == 1;
  return state;
}

bool is_gil_futex(const Layout& layout, Address gil, Address futex) {
  const std::uint64_t at = futex - gil;
  return at >= layout.gil.cond.bytes && at < layout.gil.size;
}

}  // namespace lancehead::python
