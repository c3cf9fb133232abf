// Reads what hostile processes share: a file that any of them may have written to.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "agent/call_reader.h"
#include "agent/share_reader.h"
#include "base/unique_fd.h"

namespace lancehead::agent {
namespace {

void read(const std::string& path) {
  auto share = ShareReader::open(path);
  if (!share) {
    return;
  }
  share->poll();
  share->poll();
  for (const ShareReader::Process& process : share->processes()) {
    for (const std::size_t index : process.lineage) {
      if (index >= share->records().size() || !share->records()[index].code) {
        continue;
      }
      const CodeRecord& code = *share->records()[index].code;
      (void)share->counters(process, code.probes, code.probe_count);
      (void)share->counters(process, code.raised, code.instruction_count);
    }
  }
}

}  // namespace
}  // namespace lancehead::agent

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const lancehead::UniqueFd file(::memfd_create("share", MFD_CLOEXEC));
  if (file && ::write(file.get(), data, size) == static_cast<ssize_t>(size)) {
    lancehead::agent::read("/proc/self/fd/" + std::to_string(file.get()));
  }
  return 0;
}
