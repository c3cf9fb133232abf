// Writes a share as an agent does, as a seed for read_share: seed_read_share FOLDER
#include <filesystem>

#include "agent/share_reader.h"
#include "agent/share_writer.h"

int main(int argc, char** argv) {
  using namespace lancehead::agent;
  if (argc != 2) {
    return 2;
  }
  const std::filesystem::path path = std::filesystem::path(argv[1]) / "share";
  const auto reader = ShareReader::create(path, "include a*\n");
  if (!reader) {
    return 1;
  }
  ShareWriter writer(path.c_str(), 0x030D00F0);
  CodeRecord record{
      .code = {.name = "f", .filename = "file.py"}, .probe_count = 2, .instruction_count = 3};
  record.probes = writer.new_counters(2).place;
  record.raised = writer.new_counters(3).place;
  return writer.write(RecordKind::code, encode(record)) ? 0 : 1;
}
