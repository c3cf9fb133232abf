// The threads of a recording, with their names and the processes that they live in.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "schema/tables.h"

namespace lancehead::profile {

// A context of kind `thread` or `native_thread`. The name is the last that it was given, as the
// program has it; empty where it has none.
struct Thread {
  schema::ContextId context;
  schema::ContextId process;  // none where the recording does not say
  bool is_native = false;
  std::uint64_t os_id = 0;
  std::uint64_t process_os_id = 0;
  std::string_view name;
};

// In the order of their contexts.
[[nodiscard]] std::vector<Thread> find_threads(const schema::Tables& tables);

}  // namespace lancehead::profile
