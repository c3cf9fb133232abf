// The mappings of a process, as /proc/PID/maps shows them.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/fault.h"
#include "target/memory.h"

namespace lancehead::target {

struct Mapping {
  Address start;
  Address end;  // the address after the last
  bool readable = false;
  bool writable = false;
  bool executable = false;
  std::uint64_t file_offset = 0;
  std::uint64_t device = 0;  // as st_dev has it
  std::uint64_t inode = 0;   // 0: not a file
  std::string path;          // as the kernel prints it; empty for anonymous memory

  [[nodiscard]] bool contains(Address address) const { return start <= address && address < end; }
  [[nodiscard]] std::uint64_t size() const { return end - start; }
};

// Lines that do not parse are passed over: the kernel writes them all well, a recorded text may
// not.
[[nodiscard]] std::vector<Mapping> parse_maps(std::string_view text);

[[nodiscard]] Faulty<std::vector<Mapping>> read_maps(pid_t pid);

}  // namespace lancehead::target
