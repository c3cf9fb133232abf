// The code objects of a target by address, believed only while they are what they were.
#pragma once

#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/fault.h"
#include "python/code_object.h"
#include "python/layout.h"
#include "python/stack.h"
#include "schema/tables.h"
#include "sense/capture_log.h"
#include "sense/count_sensor.h"
#include "sense/thread_look.h"
#include "target/memory.h"
#include "target/read_batch.h"

namespace lancehead::sense {

// A code object that is in the recording.
struct KnownCode {
  schema::CodeId id;
  python::CodeIdentity identity;
  const StandIn* stand_in = nullptr;
};

class CodeCache {
 public:
  // `counts`, if there are any, says which code stands in for other code; that one is recorded.
  CodeCache(target::Memory& memory, const python::Layout& layout, CaptureLog& log,
            schema::SessionId session, const SourceFiles& files, CountSensor* counts = nullptr)
      : memory_(memory),
        layout_(layout),
        log_(log),
        session_(session),
        files_(files),
        counts_(counts) {}

  // First step, to be done while the frames are known to be alive: finds out which code each frame
  // runs. What the look did not read along is read in a call or two; the next look is asked to read
  // the code of the frames in `next`.
  void refresh(std::span<const python::RawFrame> frames, std::span<const python::RawFrame> next,
               ThreadLook& look);

  // Second step, at once but after the thread runs on: reads the code that is new. Code that is
  // gone by then (made, run and freed within microseconds) stays unread.
  void learn_new();

  // Third step: the frame's row in the recording. Code that could not be read becomes a mark, never
  // a missing frame.
  [[nodiscard]] schema::FrameId frame(const python::RawFrame& frame);

  // What was at this address when it was last seen there, once it is in the recording.
  [[nodiscard]] std::optional<KnownCode> known(target::Address code) const;

  // Where in the code that runs the frame is, as a byte offset; nothing for code that is not known.
  [[nodiscard]] std::optional<std::int32_t> running_offset(const python::RawFrame& frame) const;

  // How often an address turned out to hold other code than before, or code that could be read at
  // last.
  [[nodiscard]] std::uint64_t replaced() const { return replaced_; }

 private:
  struct Entry {
    python::CodeIdentity identity;
    target::Address bytecode;
    std::optional<python::CodeObject> unfinished;  // read, but not yet in the recording
    const StandIn* stand_in = nullptr;                     // where it is not what was compiled
    schema::CodeId id;
    std::uint64_t checked = 0;  // the refresh() that looked at it last
    bool readable = false;
    bool marked = false;  // a frame has a mark for it, as it could not be read
  };

  struct AddressHash {
    std::size_t operator()(target::Address address) const noexcept {
      return static_cast<std::size_t>((address.value >> 4U) * 0x9E3779B97F4A7C15ULL);
    }
  };

  void check(target::Address code, Entry& entry, const python::CodeIdentity& identity);
  void read_missing();
  void expect(std::span<const python::RawFrame> frames, ThreadLook& look);
  [[nodiscard]] std::optional<python::CodeIdentity> read_identity(target::Address code);
  void learn(target::Address code, Entry& entry);
  void finish(target::Address code, Entry& entry);

  target::Memory& memory_;
  const python::Layout& layout_;
  CaptureLog& log_;
  schema::SessionId session_;
  const SourceFiles& files_;
  CountSensor* counts_;
  std::unordered_map<target::Address, Entry, AddressHash> entries_;
  target::ReadBatch batch_;
  target::ReadBatch names_;
  std::vector<target::Address> missing_;  // of this refresh: what the look did not read
  std::vector<target::Address> new_;      // to be read by learn_new(), leaf first
  std::vector<ExpectedCode> expected_;
  std::uint64_t refreshes_ = 0;
  std::uint64_t replaced_ = 0;
};

}  // namespace lancehead::sense
