// Reads hostile recordings, and checks what a reader promises of the tables.
//
//   seed_read_recording CORPUS && fuzz_read_recording CORPUS
//
// An input that begins with a zero byte is a file. All others are a list of chunks, for which the
// headers and checksums are made here: chance alone would never get past a checksum.
#include <cstdlib>

#include "record/format.h"
#include "record/reader.h"

namespace lancehead {
namespace {

void require(bool truth) {
  if (!truth) {
    std::abort();
  }
}

template <typename Tag>
void check_ids(const std::vector<Id<Tag>>& ids, std::size_t rows) {
  for (const Id<Tag> id : ids) {
    require(id.is_none() || id.row() < rows);
  }
}

void check_parents(const auto& ids) {
  for (std::size_t row = 0; row < ids.size(); ++row) {
    require(ids[row].is_none() || ids[row].row() < row);
  }
}

void check(const schema::Tables& tables) {
  tables.for_each([](const auto& table) {
    using Table = std::remove_cvref_t<decltype(table)>;
    table.for_each_column([&](const schema::ColumnInfo&, const auto& column) {
      require(column.size() == table.size());
    });
    Table again;
    require(again.decode(table.encode(0, table.size()), table.size()));
  });
  check_ids(tables.samples.stack, tables.stacks.size());
  check_ids(tables.samples.context, tables.contexts.size());
  check_ids(tables.stacks.frame, tables.frames.size());
  check_ids(tables.codes.session, tables.sessions.size());
  for (const schema::StringId id : tables.codes.names.items()) {
    require(id.is_none() || id.row() < tables.strings.size());
  }
  check_parents(tables.stacks.parent);
  check_parents(tables.contexts.parent);
}

Bytes build_file(std::span<const std::byte> input, std::uint16_t version) {
  ByteWriter out;
  record::put_file_header(out, version);
  ByteReader in(input);
  while (in.ok() && in.remaining() > 0) {
    record::ChunkHeader header{.version = version};
    header.table = in.little<std::uint8_t>();
    header.compression = static_cast<record::Compression>(in.little<std::uint8_t>());
    header.first_row = static_cast<std::uint32_t>(in.varint());
    header.rows = static_cast<std::uint32_t>(in.varint());
    const auto stored = in.bytes(std::min<std::uint64_t>(in.varint(), in.remaining()));
    const std::uint64_t extra = in.remaining() > 0 ? in.varint() : 0;
    header.raw_length = static_cast<std::uint32_t>(stored.size() + extra);
    header.stored_length = static_cast<std::uint32_t>(stored.size());
    record::put_chunk(out, header, stored);
  }
  return out.take();
}

}  // namespace
}  // namespace lancehead

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = std::as_bytes(std::span(data, size));
  if (input.empty()) {
    return 0;
  }
  const bool is_file = input[0] == std::byte{};
  const bool is_old = input[0] == std::byte{2};
  const auto body = input.subspan(1);
  const std::uint16_t version = is_old ? 1 : lancehead::schema::kFormatVersion;
  const lancehead::Bytes file =
      is_file ? lancehead::Bytes(body.begin(), body.end()) : lancehead::build_file(body, version);
  if (const auto recording = lancehead::record::read_bytes(file, "input")) {
    lancehead::check(recording->tables);
  }
  return 0;
}
