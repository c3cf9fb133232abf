// Turns what the capture wing finds into rows of the recording, each thing once.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "python/code_object.h"
#include "record/string_interner.h"
#include "record/writer.h"
#include "schema/tables.h"
#include "sense/source_files.h"

namespace lancehead::sense {

class CaptureLog {
 public:
  // Times in rows count from `origin` (monotonic clock).
  CaptureLog(record::Writer& writer, Nanoseconds origin)
      : writer_(writer), strings_(writer), origin_(origin) {}

  [[nodiscard]] std::int64_t time_of(Nanoseconds moment) const {
    return (moment - origin_).count();
  }

  // The current moment, cut to what the recording keeps: times that are written rounded one by one
  // would no longer add up.
  [[nodiscard]] Nanoseconds now() const {
    constexpr Nanoseconds kGrain = std::chrono::microseconds(1);
    const Nanoseconds moment = monotonic_now();
    return moment - (moment - origin_) % kGrain;
  }

  schema::StringId text(std::string_view text) { return strings_.intern(text); }

  // A file name becomes one row; its text is read when the name is first seen.
  schema::SourceId source(const std::string& filename, const SourceFiles& files);

  // Equal code objects found again (also at another address) get the row of the first.
  schema::CodeId code(const python::CodeObject& code, schema::SessionId session,
                      code::PythonVersion version, const SourceFiles& files);

  // A function written in C, of which only the name is known.
  schema::CodeId builtin(std::string_view name, schema::SessionId session);

  // The context of a thread, by its id for the kernel: the last that had it. None where none had.
  void note_thread(std::uint64_t kernel_id, schema::ContextId context) {
    threads_[kernel_id] = context;
  }
  [[nodiscard]] schema::ContextId thread(std::uint64_t kernel_id) const {
    const auto found = threads_.find(kernel_id);
    return found == threads_.end() ? schema::ContextId() : found->second;
  }

  // A mark in a stack, such as "[unreadable]".
  schema::CodeId marker(std::string_view name, schema::SessionId session);

  schema::FrameId frame(schema::CodeId code, std::int32_t offset);
  schema::StackId stack(schema::StackId parent, schema::FrameId frame);

  template <typename Row>
  auto append(const Row& row) {
    return writer_.append(row);
  }

  [[nodiscard]] record::Writer& writer() { return writer_; }

 private:
  struct PairHash {
    std::size_t operator()(std::uint64_t key) const noexcept {
      return static_cast<std::size_t>(key * 0x9E3779B97F4A7C15ULL);
    }
  };

  schema::CodeId named(schema::CodeKind kind, std::string_view name, schema::SessionId session);

  static std::uint64_t pair_key(std::uint32_t high, std::uint32_t low) {
    return (std::uint64_t{high} << 32U) | low;
  }

  std::vector<schema::StringId> texts(const std::vector<std::string>& from);

  record::Writer& writer_;
  record::StringInterner strings_;
  Nanoseconds origin_;
  std::unordered_map<std::string, schema::SourceId> sources_;
  std::map<std::pair<schema::SessionId, std::string>, schema::CodeId> codes_;
  std::unordered_map<std::uint64_t, schema::ContextId> threads_;
  std::unordered_map<std::uint64_t, schema::FrameId, PairHash> frames_;
  std::unordered_map<std::uint64_t, schema::StackId, PairHash> stacks_;
};

}  // namespace lancehead::sense
