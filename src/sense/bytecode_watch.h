// Follows how the interpreter specialises the hot code: reads its bytecode again from time to time.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "code/opcodes.h"
#include "python/layout.h"
#include "schema/tables.h"
#include "sense/capture_log.h"
#include "sense/code_cache.h"
#include "target/memory.h"
#include "target/read_batch.h"

namespace lancehead::sense {

// Before 3.11 bytecode does not change, and nothing is done. In free-threaded builds from 3.14 on
// threads have copies of their own; what is read is the copy of the main thread.
class BytecodeWatch {
 public:
  // So many code objects are read at once: those that were on top of most samples lately.
  static constexpr std::size_t kMostCodes = 64;

  BytecodeWatch(target::Memory& memory, const python::Layout& layout, CaptureLog& log,
                const CodeCache& codes)
      : memory_(memory),
        layout_(layout),
        log_(log),
        codes_(codes),
        opcodes_(layout.version.at_least(11) ? code::opcodes_of(layout.version) : nullptr) {}

  // A sample had this code object on top.
  void hit(target::Address code) {
    if (opcodes_ != nullptr) {
      ++hits_[code.value];
    }
  }

  // Reads the hot code when it is due, first often and then every few seconds, and writes those
  // whose instructions are not what they were. Counters inside the bytecode do not matter.
  void look(Nanoseconds now);

 private:
  struct Hot {
    KnownCode code;
    target::Address address;
    target::ReadBatch::Slot head, name, bytecode;
  };

  [[nodiscard]] std::vector<Hot> choose_hottest();
  void take(const Hot& hot, Nanoseconds now);
  // The opcodes alone, without arguments and caches.
  [[nodiscard]] std::uint64_t shape_of(std::span<const std::byte> bytecode) const;

  target::Memory& memory_;
  const python::Layout& layout_;
  CaptureLog& log_;
  const CodeCache& codes_;
  const code::OpcodeTable* opcodes_;
  target::ReadBatch batch_;
  std::unordered_map<std::uint64_t, std::uint32_t> hits_;    // by address
  std::unordered_map<std::uint32_t, std::uint64_t> shapes_;  // last written, by row of the code
  Nanoseconds due_{};
  Nanoseconds pause_ = std::chrono::milliseconds(50);
};

}  // namespace lancehead::sense
