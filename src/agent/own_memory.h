// The memory of the process that the agent is in, behind the interface that reads any process.
#pragma once

#include <cstring>

#include "target/memory.h"

namespace lancehead::agent {

// Addresses are believed: they come from live objects, with the GIL held.
class OwnMemory final : public target::Memory {
 public:
  [[nodiscard]] Faulty<std::size_t> read_many(
      std::span<const target::ReadRequest> requests) override {
    for (const target::ReadRequest& request : requests) {
      if (request.from.is_null()) {
        return std::unexpected(Fault::unmapped);
      }
      std::memcpy(request.into.data(), reinterpret_cast<const void*>(request.from.value),
                  request.into.size());
    }
    return requests.size();
  }
};

inline target::Address address_of(const void* object) {
  return {reinterpret_cast<std::uint64_t>(object)};
}

}  // namespace lancehead::agent
