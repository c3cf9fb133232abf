// Writes inputs for fuzz_read_recording into a folder: whole files, and each table as chunks.
#include <zstd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "record/format.h"
#include "schema/tables.h"

namespace lancehead {
namespace {

void store(const std::filesystem::path& path, const Bytes& bytes) {
  const auto text = as_text(bytes);
  std::ofstream(path, std::ios::binary)
      .write(text.data(), static_cast<std::streamsize>(text.size()));
}

Bytes compressed(const Bytes& raw) {
  Bytes stored(ZSTD_compressBound(raw.size()));
  stored.resize(ZSTD_compress(stored.data(), stored.size(), raw.data(), raw.size(), 3));
  return stored;
}

// As read_recording.cpp takes it apart.
void put_chunk_input(ByteWriter& out, std::uint8_t table, bool zstd, const Bytes& raw) {
  const Bytes stored = zstd ? compressed(raw) : raw;
  out.little(table);
  out.little(static_cast<std::uint8_t>(zstd));
  out.varint(0);
  out.varint(2);
  out.varint(stored.size());
  out.bytes(stored);
  out.varint(raw.size() - stored.size());
}

void write_seeds(const std::filesystem::path& folder) {
  schema::Tables tables;
  ByteWriter file;
  file.little(std::uint8_t{0});
  record::put_file_header(file, schema::kFormatVersion);
  ByteWriter all;
  all.little(std::uint8_t{1});
  tables.for_each([&](auto& table) {
    table.append({});
    table.append({});
    const Bytes raw = table.encode(0, 2);
    record::put_chunk(file,
                      {.version = schema::kFormatVersion,
                       .table = table.kNumber,
                       .rows = 2,
                       .raw_length = static_cast<std::uint32_t>(raw.size()),
                       .stored_length = static_cast<std::uint32_t>(raw.size())},
                      raw);
    for (const bool zstd : {false, true}) {
      ByteWriter one;
      one.little(std::uint8_t{1});
      put_chunk_input(one, table.kNumber, zstd, raw);
      store(folder / (std::string(table.kName) + (zstd ? ".zstd" : ".raw")), one.data());
    }
    put_chunk_input(all, table.kNumber, false, raw);
  });
  store(folder / "file", file.data());
  store(folder / "all_tables", all.data());
}

}  // namespace
}  // namespace lancehead

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: seed_read_recording FOLDER\n", stderr);
    return 2;
  }
  std::filesystem::create_directories(argv[1]);
  lancehead::write_seeds(argv[1]);
  return 0;
}
