#include "target/process_memory.h"

#include <sys/uio.h>

#include <algorithm>
#include <bit>
#include <cerrno>

namespace lancehead::target {
namespace {

Fault fault_of_errno(int error) {
  switch (error) {
    case ESRCH: return Fault::gone;
    case EPERM:
    case EACCES:
    case ENOSYS: return Fault::denied;
    default: return Fault::unmapped;
  }
}

std::size_t count_whole(std::span<const ReadRequest> requests, std::size_t bytes) {
  std::size_t whole = 0;
  for (const ReadRequest& request : requests) {
    if (bytes < request.into.size()) {
      break;
    }
    bytes -= request.into.size();
    ++whole;
  }
  return whole;
}

}  // namespace

Faulty<std::size_t> ProcessMemory::read_many(std::span<const ReadRequest> requests) {
  std::array<iovec, kMostRequests> local;   // NOLINT: filled just below
  std::array<iovec, kMostRequests> remote;  // NOLINT
  const std::size_t count = std::min(requests.size(), kMostRequests);
  for (std::size_t i = 0; i < count; ++i) {
    local[i] = {requests[i].into.data(), requests[i].into.size()};
    remote[i] = {std::bit_cast<void*>(requests[i].from.value), requests[i].into.size()};
  }
  const ssize_t bytes = process_vm_readv(pid_, local.data(), count, remote.data(), count, 0);
  if (bytes < 0) {
    const Fault fault = fault_of_errno(errno);
    if (fault == Fault::unmapped) {
      return std::size_t{0};
    }
    return std::unexpected(fault);
  }
  return count_whole(requests.first(count), static_cast<std::size_t>(bytes));
}

}  // namespace lancehead::target
