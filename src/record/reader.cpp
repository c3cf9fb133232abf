#include "record/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "record/file_bytes.h"
#include "record/format.h"
#include "record/recovery.h"

namespace lancehead::record {
namespace {

std::unexpected<Error> newer(std::string_view name, std::uint32_t version) {
  return fail(ErrorKind::bad_recording,
              fmt::format("The recording {} has format version {}, and this lancehead reads up to "
                          "version {}.",
                          name, version, schema::kFormatVersion),
              "Read it with a newer lancehead.");
}

std::unexpected<Error> not_a_recording(std::string_view name) {
  return fail(ErrorKind::bad_recording,
              fmt::format("The file {} is not a recording of lancehead.", name),
              "Name a file that `lancehead run` has written.");
}

// Whether the file begins as a recording does, as far as it goes.
bool begins_well(std::span<const std::byte> file) {
  const auto magic = std::as_bytes(std::span(kMagic));
  return std::ranges::equal(file.first(std::min(file.size(), magic.size())),
                            magic.first(std::min(file.size(), magic.size())));
}

}  // namespace

Result<Recording> read(const std::filesystem::path& path) {
  const Result<Bytes> file = read_whole_file(path);
  if (!file) {
    return std::unexpected(file.error());
  }
  return read_bytes(*file, path.string());
}

Result<Recording> read_bytes(std::span<const std::byte> file, std::string_view name) {
  if (file.empty()) {
    return fail(ErrorKind::bad_recording, fmt::format("The file {} is empty.", name),
                "Name a file that `lancehead run` has written.");
  }
  if (file.size() < kFileHeaderSize) {
    return begins_well(file)
               ? fail(ErrorKind::bad_recording,
                      fmt::format("The recording {} is cut off within its first {} bytes, before "
                                  "anything was recorded.",
                                  name, kFileHeaderSize),
                      "Record again.")
               : not_a_recording(name);
  }
  const FileHeader header = read_file_header(file);
  if (header.magic && header.verified && header.version > schema::kFormatVersion) {
    return newer(name, header.version);
  }
  ChunkScanner scanner(file);
  // The header itself may be damaged; the chunks say again what this is.
  const std::optional<FoundChunk> first = scanner.next();
  if (!header.verified && !first) {
    return header.magic
               ? fail(ErrorKind::bad_recording,
                      fmt::format("The recording {} is damaged from its first bytes on.", name),
                      "Take another copy of it, or record again.")
               : not_a_recording(name);
  }
  if (first && first->header.version > schema::kFormatVersion) {
    return newer(name, first->header.version);
  }
  Recording recording;
  recording.version = header.verified ? header.version : first->header.version;
  Recovery recovery(recording);
  if (!header.verified) {
    recovery.note_damaged_header();
  }
  for (auto chunk = first; chunk; chunk = scanner.next()) {
    recovery.add(*chunk);
  }
  recovery.finish(scanner);
  return recording;
}

}  // namespace lancehead::record
