// What a session keeps of the machine and the process, so that a report can be judged elsewhere.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace lancehead::sense {

struct HostFacts {
  std::string host;
  std::string boot_id;
  std::string cpu_model;
};

[[nodiscard]] HostFacts read_host_facts();

struct ProcessFacts {
  std::string executable;
  std::vector<std::string> arguments;
  std::string directory;
  std::uint32_t cpu_count = 0;
  std::uint64_t cgroup_cpu_ppm = 0;       // 0: no limit
  std::uint64_t cgroup_memory_bytes = 0;  // 0: no limit
};

[[nodiscard]] ProcessFacts read_process_facts(pid_t process);

}  // namespace lancehead::sense
