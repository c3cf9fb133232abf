#include "sense/capture_log.h"

#include "base/hash.h"
#include "code/instructions.h"
#include "code/line_table.h"
#include "code/opcodes.h"

namespace lancehead::sense {
namespace {

class FieldHasher {
 public:
  void add(std::string_view field) {
    add_number(field.size());
    hasher_.update(field);
  }
  void add_number(std::uint64_t number) { hasher_.update(std::as_bytes(std::span(&number, 1))); }
  void add(const std::vector<std::string>& fields) {
    add_number(fields.size());
    for (const std::string& field : fields) {
      add(field);
    }
  }
  [[nodiscard]] ContentHash result() const { return hasher_.content_hash(); }

 private:
  Hasher hasher_;
};

// What the interpreter does to the instructions while it runs must not change the identity.
std::string base_bytecode(const std::string& bytecode, code::PythonVersion version) {
  const code::OpcodeTable* table = code::opcodes_of(version);
  if (table == nullptr) {
    return bytecode;
  }
  const auto* begin = reinterpret_cast<const std::uint8_t*>(bytecode.data());
  const code::BaseBytecode base = code::deopt(*table, std::span(begin, bytecode.size()));
  return {base.bytes.begin(), base.bytes.end()};
}

ContentHash identity_of(const python::CodeObject& code, code::PythonVersion version) {
  FieldHasher hasher;
  hasher.add_number((std::uint64_t{version.major} << 8U) | version.minor);
  hasher.add(code.filename);
  hasher.add(code.qualified_name);
  hasher.add_number(code.first_line);
  hasher.add(code.line_table);
  hasher.add(base_bytecode(code.bytecode, version));
  hasher.add(code.names);
  hasher.add(code.variables);
  hasher.add(code.constants);
  return hasher.result();
}

schema::LineTableKind line_table_kind(code::PythonVersion version) {
  switch (code::line_table_format(version)) {
    case code::LineTableFormat::lnotab: return schema::LineTableKind::lnotab;
    case code::LineTableFormat::linetable: return schema::LineTableKind::linetable;
    case code::LineTableFormat::locations: return schema::LineTableKind::locations;
  }
  return schema::LineTableKind::none;
}

}  // namespace

std::vector<schema::StringId> CaptureLog::texts(const std::vector<std::string>& from) {
  std::vector<schema::StringId> ids;
  ids.reserve(from.size());
  for (const std::string& each : from) {
    ids.push_back(text(each));
  }
  return ids;
}

schema::SourceId CaptureLog::source(const std::string& filename, const SourceFiles& files) {
  if (const auto found = sources_.find(filename); found != sources_.end()) {
    return found->second;
  }
  const SourceText source = files.read(filename);
  const schema::SourceId id = writer_.append(schema::SourceRow{.path = text(filename),
                                                               .status = source.status,
                                                               .modified = source.modified,
                                                               .text = source.text});
  sources_.emplace(filename, id);
  return id;
}

schema::CodeId CaptureLog::code(const python::CodeObject& code, schema::SessionId session,
                                code::PythonVersion version, const SourceFiles& files) {
  const ContentHash hash = identity_of(code, version);
  const auto key = std::pair(session, std::string(hash.view()));
  if (const auto found = codes_.find(key); found != codes_.end()) {
    return found->second;
  }
  const auto names = texts(code.names);
  const auto variables = texts(code.variables);
  const auto constants = texts(code.constants);
  const schema::CodeId id =
      writer_.append(schema::CodeRow{.kind = schema::CodeKind::python,
                                     .name = text(code.name),
                                     .qualified_name = text(code.qualified_name),
                                     .source = source(code.filename, files),
                                     .first_line = code.first_line,
                                     .session = session,
                                     .code_flags = code.flags,
                                     .argument_count = code.argument_count,
                                     .line_table_kind = line_table_kind(version),
                                     .line_table = code.line_table,
                                     .exception_table = code.exception_table,
                                     .bytecode = code.bytecode,
                                     .names = names,
                                     .variables = variables,
                                     .constants = constants,
                                     .content_hash = hash.view()});
  codes_.emplace(key, id);
  return id;
}

schema::CodeId CaptureLog::named(schema::CodeKind kind, std::string_view name,
                                 schema::SessionId session) {
  const auto key =
      std::pair(session, std::string(schema::to_string(kind)) + " " + std::string(name));
  if (const auto found = codes_.find(key); found != codes_.end()) {
    return found->second;
  }
  const schema::CodeId id = writer_.append(schema::CodeRow{
      .kind = kind, .name = text(name), .qualified_name = text(name), .session = session});
  codes_.emplace(key, id);
  return id;
}

schema::CodeId CaptureLog::marker(std::string_view name, schema::SessionId session) {
  return named(schema::CodeKind::marker, name, session);
}

schema::CodeId CaptureLog::builtin(std::string_view name, schema::SessionId session) {
  return named(schema::CodeKind::builtin, name, session);
}

schema::FrameId CaptureLog::frame(schema::CodeId code, std::int32_t offset) {
  const std::uint64_t key = pair_key(code.value, static_cast<std::uint32_t>(offset));
  if (const auto found = frames_.find(key); found != frames_.end()) {
    return found->second;
  }
  const schema::FrameId id = writer_.append(schema::FrameRow{.code = code, .offset = offset});
  frames_.emplace(key, id);
  return id;
}

schema::StackId CaptureLog::stack(schema::StackId parent, schema::FrameId frame) {
  const std::uint64_t key = pair_key(parent.value, frame.value);
  if (const auto found = stacks_.find(key); found != stacks_.end()) {
    return found->second;
  }
  const schema::StackId id = writer_.append(schema::StackRow{.parent = parent, .frame = frame});
  stacks_.emplace(key, id);
  return id;
}

}  // namespace lancehead::sense
