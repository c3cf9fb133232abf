// The memory of a live process, read with process_vm_readv(2).
#pragma once

#include <sys/types.h>

#include "target/memory.h"

namespace lancehead::target {

class ProcessMemory final : public Memory {
 public:
  explicit ProcessMemory(pid_t pid) : pid_(pid) {}

  // Faults: denied (no right to look), gone (no such process).
  [[nodiscard]] Faulty<std::size_t> read_many(std::span<const ReadRequest> requests) override;

 private:
  pid_t pid_;
};

}  // namespace lancehead::target
