#include "recompile/protocol.h"

#include <limits>

namespace lancehead::recompile {
namespace {

constexpr std::uint32_t kNone = 0xFFFFFFFF;
constexpr std::uint32_t kMaxMessage = 1024;
constexpr std::uint32_t kMaxNumber = std::numeric_limits<std::int32_t>::max();

std::uint32_t size32(std::size_t size) {
  return static_cast<std::uint32_t>(size);
}

void blob(ByteWriter& writer, std::string_view data) {
  writer.little(size32(data.size()));
  writer.text(data);
}

void texts(ByteWriter& writer, const std::vector<std::string_view>& list) {
  if (list.empty()) {
    writer.little(kNone);
    return;
  }
  writer.little(size32(list.size()));
  for (const std::string_view text : list) {
    blob(writer, text);
  }
}

void encode(ByteWriter& writer, const WantedCode& code) {
  blob(writer, code.name);
  writer.little(code.first_line);
  writer.little(code.flags);
  writer.little(size32(code.bytecode.size()));
  writer.bytes(std::as_bytes(std::span(code.bytecode)));
  blob(writer, code.line_table);
  texts(writer, code.names);
  texts(writer, code.variables);
  texts(writer, code.constants);
}

bool is_possible(const code::PositionRange& range, std::uint32_t earliest, std::size_t code_size) {
  const bool in_code = range.begin >= earliest && range.begin < range.end &&
                       range.end <= code_size && range.begin % 2 == 0 && range.end % 2 == 0;
  const bool has_lines =
      range.line >= 1 && range.line <= range.end_line && range.end_line <= kMaxNumber;
  const bool has_columns = range.column <= kMaxNumber && range.end_column <= kMaxNumber &&
                           (range.line < range.end_line || range.column <= range.end_column);
  return in_code && has_lines && has_columns;
}

bool decode(ByteReader& reader, std::size_t code_size, CodeAnswer& answer) {
  const auto outcome = reader.little<std::uint32_t>();
  const auto count = reader.little<std::uint32_t>();
  if (!reader.ok() || outcome >= static_cast<std::uint32_t>(Outcome::no_answer) ||
      count > code_size / 2) {
    return false;
  }
  answer.outcome = static_cast<Outcome>(outcome);
  std::uint32_t earliest = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    code::PositionRange range;
    for (std::uint32_t* field : {&range.begin, &range.end, &range.line, &range.end_line,
                                 &range.column, &range.end_column}) {
      *field = reader.little<std::uint32_t>();
    }
    if (!reader.ok() || !is_possible(range, earliest, code_size)) {
      return false;
    }
    earliest = range.end;
    answer.ranges.push_back(range);
  }
  return answer.outcome == Outcome::matched || count == 0;
}

// What the interpreter said, in one line and without control characters.
std::string harmless(std::string_view message) {
  std::string text;
  for (const char character : message) {
    const auto byte = static_cast<unsigned char>(character);
    text += byte < 0x20 || byte == 0x7F ? ' ' : character;
  }
  return text;
}

}  // namespace

std::optional<Hello> decode_hello(const Bytes& bytes) {
  ByteReader reader(bytes);
  if (as_text(reader.bytes(4)) != "LHR1") {
    return std::nullopt;
  }
  Hello hello;
  hello.version = code::PythonVersion::from_hex(reader.little<std::uint32_t>());
  hello.magic = reader.little<std::uint32_t>();
  return reader.done() ? std::optional(hello) : std::nullopt;
}

void encode(ByteWriter& writer, const WantedFile& file) {
  writer.little(file.optimize ? static_cast<std::uint32_t>(*file.optimize) : kNone);
  blob(writer, file.path);
  blob(writer, file.text);
  writer.little(size32(file.codes.size()));
  for (const WantedCode& code : file.codes) {
    encode(writer, code);
  }
}

std::size_t answer_bound(const WantedFile& file) {
  std::size_t bound = 8 + kMaxMessage;
  for (const WantedCode& code : file.codes) {
    bound += 8 + 24 * (code.bytecode.size() / 2);
  }
  return bound;
}

std::optional<FileAnswer> decode_answer(const Bytes& bytes, const WantedFile& file) {
  ByteReader reader(bytes);
  FileAnswer answer;
  answer.codes.resize(file.codes.size());
  if (reader.little<std::uint32_t>() != 0) {
    const auto size = reader.little<std::uint32_t>();
    const std::string_view message = as_text(reader.bytes(size));
    if (!reader.done() || size > kMaxMessage) {
      return std::nullopt;
    }
    answer.trouble = "it does not compile (" + harmless(message) + ")";
    return answer;
  }
  for (std::size_t i = 0; i < file.codes.size(); ++i) {
    if (!decode(reader, file.codes[i].bytecode.size(), answer.codes[i])) {
      return std::nullopt;
    }
  }
  return reader.done() ? std::optional(std::move(answer)) : std::nullopt;
}

}  // namespace lancehead::recompile
