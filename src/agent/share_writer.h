// The agent's side of the share: its own segments, mapped.
//
// Errors are quiet: an agent that cannot get memory counts nothing and says so with its last
// record, if it can. Nothing here may throw, print or end the process.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/record_codec.h"
#include "agent/share_format.h"

namespace lancehead::agent {

struct Counters {
  CounterPlace place;
  std::uint64_t* first = nullptr;  // null where there was no memory
};

class ShareWriter {
 public:
  // Opens the share and takes part. is_open() says whether that worked.
  ShareWriter(const char* path, std::uint32_t python_version);

  [[nodiscard]] bool is_open() const { return header_ != nullptr; }
  [[nodiscard]] std::string_view configuration() const;

  // `count` counters of 0, one after the other in memory.
  [[nodiscard]] Counters new_counters(std::uint32_t count);

  // Memory of the process's own, all 0 but for its header; null where there is none.
  [[nodiscard]] SegmentHeader* new_segment(SegmentKind kind, std::uint32_t number,
                                           std::uint64_t size) {
    return header_ == nullptr ? nullptr : claim(kind, number, size).header;
  }

  // Records of code are numbered; record_count() is the number of the next.
  bool write(RecordKind kind, std::span<const std::byte> record);
  [[nodiscard]] std::uint64_t record_count() const { return record_count_; }

  // Whether this is the process that takes part. The child of a vfork is not: it shares our memory,
  // but is about to become another program.
  [[nodiscard]] bool is_ours() const;

  // In the child, right after a fork: makes all counters those of the child, 0, at the same
  // addresses. Where that fails the child counts on for its parent. Async-signal-safe.
  void begin_child();

 private:
  struct Segment {
    SegmentHeader* header = nullptr;
    std::uint64_t size = 0;
  };

  [[nodiscard]] Segment claim(SegmentKind kind, std::uint32_t number, std::uint64_t size,
                              void* at = nullptr);
  void take_part(std::uint32_t parent, std::uint64_t inherited);

  // No descriptor is kept: a program may count its own, or close all that it finds.
  std::string path_;
  ShareHeader* header_ = nullptr;
  std::uint32_t python_version_ = 0;
  std::uint32_t process_ = kNoProcess;
  pid_t process_id_ = 0;
  std::uint64_t record_count_ = 0;  // of this process and those that it inherited
  Segment records_;
  std::uint32_t records_number_ = 0;
  std::vector<Segment> counters_;
  std::uint32_t counters_used_ = 0;  // of the last counter segment
};

}  // namespace lancehead::agent
