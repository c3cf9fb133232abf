// The recorder's side of the share: makes it, and reads what agents wrote into it.
//
// Everything in it may be wrong: an agent runs inside the observed program. What does not add up is
// left out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/record_codec.h"
#include "agent/share_format.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace lancehead::agent {

class ShareReader {
 public:
  // Makes the file, readable by its owner only. Errors: io.
  [[nodiscard]] static Result<ShareReader> create(const std::filesystem::path& path,
                                                  std::string_view configuration);
  // For a share that a recorder left behind. Errors: io, bad_recording.
  [[nodiscard]] static Result<ShareReader> open(const std::filesystem::path& path);

  [[nodiscard]] int file() const { return file_.get(); }

  struct CallSegment {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::uint64_t base = 0;
  };
  // Of one thread.
  struct CallSegments {
    std::optional<CallSegment> thread;
    std::vector<CallSegment> nodes;
  };

  // A process that took part. Its code is what it inherited and what it announced.
  struct Process {
    ProcessRecord record;
    std::vector<std::size_t> lineage;                     // records, as of records()
    std::map<std::uint32_t, std::uint64_t> counters;      // offset in the file, by segment
    std::map<std::uint32_t, std::uint64_t> counter_ends;  // and where the segment ends
    std::vector<FramesRecord> frames;
    std::vector<std::size_t> chosen;              // records, as of records()
    std::map<std::uint32_t, CallSegments> calls;  // by number of the thread
    std::optional<CallsRecord> call_clock;        // none: calls are not counted
  };

  struct Record {
    std::optional<CodeRecord> code;
    std::optional<UncountedRecord> uncounted;
    std::optional<CalleeRecord> callee;
  };

  // Reads what was announced since the last call; returns whether that was anything.
  bool poll();

  [[nodiscard]] std::span<const Process> processes() const { return processes_; }
  [[nodiscard]] std::span<const Record> records() const { return records_; }

  // The process's counters at `place`, as they are now; nothing where there are none.
  [[nodiscard]] std::optional<std::vector<std::uint64_t>> counters(const Process& process,
                                                                   const CounterPlace& place,
                                                                   std::uint32_t count) const;

  // Bytes of the file; false where it does not reach that far.
  [[nodiscard]] bool read_at(std::uint64_t offset, std::span<std::byte> into) const;

 private:
  struct RecordSegment {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::uint32_t process = 0;
    std::uint64_t read = 0;  // bytes
  };

  explicit ShareReader(UniqueFd file) : file_(std::move(file)) {}

  bool find_segments();
  void meet_segment(std::uint64_t offset, const SegmentHeader& header);
  bool read_records(RecordSegment& segment);
  void take(std::uint32_t process, RecordKind kind, std::span<const std::byte> bytes);

  UniqueFd file_;
  std::uint64_t scanned_ = 0;  // segments are known up to here
  std::vector<RecordSegment> segments_;
  std::vector<Process> processes_;
  std::vector<Record> records_;
};

}  // namespace lancehead::agent
