#include "cli/finish_recording.h"

#include <unistd.h>

#include <utility>

#include "recompile/positions.h"

namespace lancehead::cli {
namespace {

recompile::Interpreter interpreter_of(const schema::Tables& tables, schema::SessionId session,
                                      const sense::Owner& owner) {
  const schema::StringId executable = tables.sessions.executable[session.row()];
  recompile::Interpreter interpreter;
  interpreter.argv = {std::string(tables.strings.text[executable.row()])};
  if (owner.user != ::geteuid()) {
    interpreter.uid = owner.user;
    interpreter.gid = owner.group;
  }
  return interpreter;
}

void recover_positions(schema::Tables& tables, record::Writer& writer, const sense::Owner& owner,
                       std::vector<std::string>& notes) {
  for (std::size_t row = 0; row < tables.sessions.size(); ++row) {
    const schema::SessionId session(row);
    if (tables.sessions.executable[row].is_none() || !recompile::needs_positions(tables, session)) {
      continue;
    }
    recompile::RecoveredPositions recovered =
        recompile::recover_positions(tables, session, interpreter_of(tables, session, owner));
    for (const schema::PositionRow& position : recovered.rows) {
      writer.append(position);
      tables.append(position);
    }
    notes.insert(notes.end(), std::make_move_iterator(recovered.notes.begin()),
                 std::make_move_iterator(recovered.notes.end()));
  }
}

}  // namespace

Result<FinishedRecording> finish_recording(record::Writer& writer,
                                           const std::filesystem::path& path,
                                           const sense::Owner& owner) {
  if (const Result<void> written = writer.write_through(); !written) {
    return std::unexpected(written.error());
  }
  Result<record::Recording> recording = record::read(path);
  if (!recording) {
    return std::unexpected(recording.error());
  }
  FinishedRecording finished{.recording = std::move(*recording)};
  recover_positions(finished.recording.tables, writer, owner, finished.notes);
  if (const Result<void> ended = writer.finish(); !ended) {
    return std::unexpected(ended.error());
  }
  // What is in memory was read before the end was written.
  finished.recording.complete = true;
  finished.recording.damage.clear();
  return finished;
}

}  // namespace lancehead::cli
