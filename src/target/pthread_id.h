// From pthread_self() to the kernel's thread id, for interpreters that do not keep the latter
// (CPython up to 3.10).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "target/memory.h"

namespace lancehead::target {

class PthreadIds {
 public:
  PthreadIds(pid_t process, Memory& memory) : process_(process), memory_(memory) {}

  // The kernel's id of the thread whose `struct pthread` stands at `pthread`; nothing where it
  // cannot be told. The C library keeps the id in that structure at a place that differs between
  // libraries: it is found where the main thread's id stands, and believed only for ids that the
  // kernel lists.
  [[nodiscard]] std::optional<pid_t> kernel_id(std::uint64_t pthread);

 private:
  pid_t process_;
  Memory& memory_;
  std::optional<std::size_t> offset_;
};

}  // namespace lancehead::target
