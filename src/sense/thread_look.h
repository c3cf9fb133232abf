// One look at one thread: its thread state and all its frames, read in one call of the kernel from
// where they are expected to stand.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/fault.h"
#include "python/frame_copy.h"
#include "python/gil.h"
#include "python/layout.h"
#include "python/stack.h"
#include "python/thread_state.h"
#include "sense/expected_frames.h"
#include "target/memory.h"
#include "target/read_batch.h"

namespace lancehead::sense {

enum class Stillness : std::uint8_t {
  proven,   // read twice, and the same both times
  assumed,  // read once
  moved,    // read twice, and not the same
};

// A code object that the next look will most likely meet, and the str of its name.
struct ExpectedCode {
  target::Address code;
  target::Address name;
  bool operator==(const ExpectedCode&) const = default;
};

// The beginnings of both, as python::decode_code_identity wants them.
struct CodeHeads {
  std::span<const std::byte> code;
  std::span<const std::byte> name;
  target::Address name_address;  // from where the name was read
};

class ThreadLook {
 public:
  // `gil` is null in free-threaded builds.
  ThreadLook(target::Memory& memory, const python::Layout& layout, target::Address thread,
             target::Address gil);

  // Reads the thread once: right where it cannot run meanwhile. Faults: those of the memory, or
  // implausible; stack() then holds the frames nearest the leaf.
  [[nodiscard]] Faulty<Stillness> look_once();

  // Reads everything twice in one call and compares: the thread state, every byte of its callers'
  // frames with their locals, and the top frame's code and caller. Of frames that are objects (3.8
  // to 3.10) the code, the instruction and the caller are compared.
  [[nodiscard]] Faulty<Stillness> look_twice();

  // Whether the thread was in another frame when the last look began than when it succeeded: where
  // something is not found in its place, the look is begun again.
  [[nodiscard]] bool moved_between_attempts() const { return first_top_ != top_; }

  // The next look reads these places along, behind its own in the same call of the kernel.
  void carry(target::ReadBatch* rider) { rider_ = rider; }

  // Reads these code objects along with the frames, from the next look on.
  void expect_codes(std::span<const ExpectedCode> codes);

  // What the last look read of a code object; nothing if it was not expected.
  [[nodiscard]] std::optional<CodeHeads> code_heads(target::Address code) const;

  // Of the last look. Frames from leaf to root.
  [[nodiscard]] const python::RawStack& stack() const { return stack_; }
  [[nodiscard]] bool is_whole() const { return end_.whole; }
  [[nodiscard]] const python::ThreadState& thread() const { return thread_state_; }
  // Before the frames were read; known only where they were read once.
  [[nodiscard]] const python::GilState& gil_before() const { return gil_before_; }
  [[nodiscard]] const python::GilState& gil_after() const { return gil_after_; }

 private:
  using Slot = target::ReadBatch::Slot;

  struct Chunk {
    target::Address base;
    std::size_t bytes = 0;  // to read, from its base
    bool operator==(const Chunk&) const = default;
  };

  // The places of one copy within the batch.
  struct Copy {
    Slot thread = Slot::none;
    Slot cframe = Slot::none;
    std::size_t first_chunk = 0;  // slots of the chunks, then those of the frames, follow
  };

  void lay_out(int copies);
  Stillness judge(Stillness looked);
  Copy lay_out_copy();
  void expect_nothing();
  Faulty<Stillness> look(int copies);
  Faulty<Stillness> try_to_look(int copies);
  Faulty<void> decode(const Copy& copy);
  Faulty<target::Address> top_frame(const Copy& copy);
  Faulty<bool> follow_chunks(const Copy& copy);
  void expect_frames();
  Faulty<Stillness> compare_objects();
  [[nodiscard]] bool same(const Copy& a, const Copy& b) const;
  [[nodiscard]] bool same_chunk(std::size_t index, const Copy& a, const Copy& b) const;
  [[nodiscard]] bool same_frame(std::size_t index, const Copy& a, const Copy& b) const;
  [[nodiscard]] bool same_top(std::span<const std::byte> a, std::span<const std::byte> b) const;
  [[nodiscard]] Slot chunk_slot(const Copy& copy, std::size_t index) const;
  [[nodiscard]] Slot frame_slot(const Copy& copy, std::size_t index) const;
  [[nodiscard]] bool in_chunks(target::Address frame) const;

  target::Memory& memory_;
  const python::Layout& layout_;
  target::Address address_;
  target::Address gil_;

  // Where things are expected.
  target::Address cframe_;
  std::vector<Chunk> chunks_;  // newest first
  ExpectedFrames frames_;
  std::vector<ExpectedCode> codes_;
  bool expectations_changed_ = true;

  target::ReadBatch batch_;
  target::ReadBatch* rider_ = nullptr;
  int copies_ = 0;        // that the batch is laid out for
  target::Address leaf_;  // the frame that is expected nearest the leaf
  Slot leaf_first_ = Slot::none;
  Slot gil_first_ = Slot::none;
  Slot gil_last_ = Slot::none;
  std::vector<Copy> places_;
  std::size_t first_code_ = 0;  // slots of the code heads: code, name, code, name …
  std::size_t laid_out_codes_ = 0;

  python::FrameCopy copy_;
  python::RawStack stack_;
  python::RawStack earlier_;  // as the first of two readings had it
  python::WalkEnd end_;
  target::Address top_;
  target::Address first_top_;  // as the first attempt had it that found one
  python::ThreadState thread_state_;
  python::GilState gil_before_;
  python::GilState gil_after_;
};

}  // namespace lancehead::sense
