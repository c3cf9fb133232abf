#include "agent/record_codec.h"

namespace lancehead::agent {
namespace {

void put(ByteWriter& writer, std::string_view text) {
  writer.varint(text.size());
  writer.text(text);
}

void put(ByteWriter& writer, const std::vector<std::string>& texts) {
  writer.varint(texts.size());
  for (const std::string& text : texts) {
    put(writer, text);
  }
}

void put(ByteWriter& writer, const CounterPlace& place) {
  writer.varint(place.segment);
  writer.varint(place.index);
}

std::uint32_t take_number(ByteReader& reader) {
  return static_cast<std::uint32_t>(reader.varint());
}

std::string take_text(ByteReader& reader) {
  return std::string(as_text(reader.bytes(reader.varint())));
}

std::vector<std::string> take_texts(ByteReader& reader) {
  std::vector<std::string> texts;
  for (std::uint64_t left = reader.varint(); left > 0 && reader.ok(); --left) {
    texts.push_back(take_text(reader));
  }
  return texts;
}

void put(ByteWriter& writer, const python::CodeObject& code) {
  for (const std::string* text : {&code.name, &code.qualified_name, &code.filename, &code.bytecode,
                                  &code.line_table, &code.exception_table}) {
    put(writer, *text);
  }
  put(writer, code.names);
  put(writer, code.variables);
  put(writer, code.constants);
  for (const std::uint32_t number : {code.first_line, code.flags, code.argument_count}) {
    writer.varint(number);
  }
}

python::CodeObject take_code(ByteReader& reader) {
  python::CodeObject code;
  for (std::string* text : {&code.name, &code.qualified_name, &code.filename, &code.bytecode,
                            &code.line_table, &code.exception_table}) {
    *text = take_text(reader);
  }
  code.names = take_texts(reader);
  code.variables = take_texts(reader);
  code.constants = take_texts(reader);
  code.first_line = take_number(reader);
  code.flags = take_number(reader);
  code.argument_count = take_number(reader);
  return code;
}

CounterPlace take_place(ByteReader& reader) {
  const std::uint32_t segment = take_number(reader);
  return {.segment = segment, .index = take_number(reader)};
}

}  // namespace

Bytes encode(const ProcessRecord& record) {
  ByteWriter writer;
  writer.varint(record.process_id);
  writer.varint(record.parent);
  writer.varint(record.inherited);
  writer.varint(record.python_version);
  return writer.take();
}

std::optional<ProcessRecord> decode_process(std::span<const std::byte> bytes) {
  ByteReader reader(bytes);
  ProcessRecord record;
  record.process_id = take_number(reader);
  record.parent = take_number(reader);
  record.inherited = reader.varint();
  record.python_version = take_number(reader);
  return reader.done() ? std::optional(record) : std::nullopt;
}

Bytes encode(const CodeRecord& record) {
  ByteWriter writer;
  put(writer, record.code);
  for (const std::uint64_t number :
       {record.rewritten, std::uint64_t{record.constant_count}, std::uint64_t{record.stack_size},
        std::uint64_t{record.probe_count}, std::uint64_t{record.instruction_count}}) {
    writer.varint(number);
  }
  put(writer, record.probes);
  put(writer, record.raised);
  writer.varint((record.counted ? 1U : 0U) | (record.calls_probed ? 2U : 0U));
  return writer.take();
}

std::optional<CodeRecord> decode_code(std::span<const std::byte> bytes) {
  ByteReader reader(bytes);
  CodeRecord record{.code = take_code(reader)};
  record.rewritten = reader.varint();
  record.constant_count = take_number(reader);
  record.stack_size = take_number(reader);
  record.probe_count = take_number(reader);
  record.instruction_count = take_number(reader);
  record.probes = take_place(reader);
  record.raised = take_place(reader);
  const std::uint64_t kinds = reader.varint();
  record.counted = (kinds & 1U) != 0;
  record.calls_probed = (kinds & 2U) != 0;
  return reader.done() ? std::optional(std::move(record)) : std::nullopt;
}

Bytes encode(const CalleeRecord& record) {
  ByteWriter writer;
  put(writer, record.function);
  if (record.function.empty()) {
    put(writer, record.code);
  }
  return writer.take();
}

std::optional<CalleeRecord> decode_callee(std::span<const std::byte> bytes) {
  ByteReader reader(bytes);
  CalleeRecord record{.function = take_text(reader), .code = {}};
  if (record.function.empty()) {
    record.code = take_code(reader);
  }
  return reader.done() ? std::optional(std::move(record)) : std::nullopt;
}

Bytes encode(const CallsRecord& record) {
  ByteWriter writer;
  for (const std::uint64_t number :
       {std::uint64_t{record.clock}, record.ticks, record.monotonic, std::uint64_t{record.events},
        record.python.inside, record.python.outside, record.native.inside, record.native.outside}) {
    writer.varint(number);
  }
  return writer.take();
}

std::optional<CallsRecord> decode_calls(std::span<const std::byte> bytes) {
  ByteReader reader(bytes);
  CallsRecord record;
  record.clock = take_number(reader);
  record.ticks = reader.varint();
  record.monotonic = reader.varint();
  record.events = take_number(reader);
  for (CallsRecord::Cost* cost : {&record.python, &record.native}) {
    cost->inside = reader.varint();
    cost->outside = reader.varint();
  }
  return reader.done() ? std::optional(record) : std::nullopt;
}

Bytes encode(const UncountedRecord& record) {
  ByteWriter writer;
  put(writer, record.filename);
  put(writer, record.name);
  writer.varint(record.first_line);
  put(writer, record.reason);
  return writer.take();
}

Bytes encode(const FramesRecord& record) {
  ByteWriter writer;
  writer.varint(record.began ? 1 : 0);
  writer.varint(record.frames.size());
  for (const FramesRecord::Frame& frame : record.frames) {
    writer.varint(frame.record);
    writer.varint(frame.instruction);
  }
  return writer.take();
}

std::optional<FramesRecord> decode_frames(std::span<const std::byte> bytes) {
  ByteReader reader(bytes);
  FramesRecord record{.began = reader.varint() != 0};
  for (std::uint64_t left = reader.varint(); left > 0 && reader.ok(); --left) {
    const std::uint64_t code = reader.varint();
    record.frames.push_back({.record = code, .instruction = take_number(reader)});
  }
  return reader.done() ? std::optional(std::move(record)) : std::nullopt;
}

Bytes encode(const ChosenRecord& record) {
  ByteWriter writer;
  writer.varint(record.record);
  return writer.take();
}

std::optional<ChosenRecord> decode_chosen(std::span<const std::byte> bytes) {
  ByteReader reader(bytes);
  const ChosenRecord record{.record = reader.varint()};
  return reader.done() ? std::optional(record) : std::nullopt;
}

std::optional<UncountedRecord> decode_uncounted(std::span<const std::byte> bytes) {
  ByteReader reader(bytes);
  UncountedRecord record;
  record.filename = take_text(reader);
  record.name = take_text(reader);
  record.first_line = take_number(reader);
  record.reason = take_text(reader);
  return reader.done() ? std::optional(std::move(record)) : std::nullopt;
}

}  // namespace lancehead::agent
