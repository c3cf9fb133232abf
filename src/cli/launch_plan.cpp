#include "cli/launch_plan.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string_view>

namespace lancehead::cli {
namespace {

namespace fs = std::filesystem;

bool is_executable_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
}

// As a shell finds it: in PATH, unless the name has a slash.
std::optional<std::string> find_command(const std::string& name) {
  if (name.find('/') != std::string::npos) {
    return is_executable_file(name) ? std::optional(name) : std::nullopt;
  }
  const char* variable = std::getenv("PATH");
  std::string_view path = variable == nullptr ? "/usr/local/bin:/usr/bin:/bin" : variable;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find(':'), path.size());
    const fs::path candidate = fs::path(end == 0 ? "." : path.substr(0, end)) / name;
    if (is_executable_file(candidate)) {
      return candidate.string();
    }
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return std::nullopt;
}

Result<std::string> find_interpreter(const std::string& asked_for) {
  if (!asked_for.empty()) {
    if (auto found = find_command(asked_for)) {
      return *found;
    }
    return fail(ErrorKind::usage, fmt::format("There is no interpreter '{}'.", asked_for),
                "Give --python a name in PATH or the path of an executable file.");
  }
  if (const char* own = std::getenv(kPythonVariable); own != nullptr && *own != '\0') {
    if (auto found = find_command(own)) {
      return *found;
    }
  }
  for (const char* name : {"python3", "python"}) {
    if (auto found = find_command(name)) {
      return *found;
    }
  }
  return fail(ErrorKind::usage, "There is no python3 in PATH.",
              "Name an interpreter with --python, or activate its environment.");
}

Result<void> check_script(const std::string& script) {
  std::error_code error;
  if (!fs::exists(script, error)) {
    return fail(
        ErrorKind::usage, fmt::format("There is no script '{}'.", script),
        fmt::format("Check the path; to run a command instead, type `lancehead run -- {} …`.",
                    script));
  }
  if (::access(script.c_str(), R_OK) != 0) {
    return fail(ErrorKind::usage, fmt::format("The script '{}' may not be read.", script),
                "Check its permissions.");
  }
  return {};
}

// What is left of a name that is safe in a file's name.
std::string as_title(const std::string& name) {
  std::string title = fs::path(name).stem().string();
  for (char& letter : title) {
    const bool plain = std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_' ||
                       letter == '-' || letter == '.' || static_cast<unsigned char>(letter) >= 0x80;
    if (!plain) {
      letter = '_';
    }
  }
  return title.empty() || title == "." || title == ".." ? "program" : title;
}

void append(std::vector<std::string>& words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
}

}  // namespace

Result<LaunchPlan> plan_launch(const RunOptions& run) {
  LaunchPlan plan;
  const Program& program = run.program;
  if (program.kind == ProgramKind::command) {
    plan.arguments = {program.name};
    append(plan.arguments, program.arguments);
    plan.title = as_title(program.name);
    return plan;
  }
  if (program.kind == ProgramKind::script) {
    if (auto script = check_script(program.name); !script) {
      return std::unexpected(script.error());
    }
  }
  auto interpreter = find_interpreter(run.python);
  if (!interpreter) {
    return std::unexpected(interpreter.error());
  }
  plan.interpreter = *interpreter;
  plan.arguments = {plan.interpreter};
  if (program.kind == ProgramKind::module) {
    plan.arguments.emplace_back("-m");
  } else if (program.kind == ProgramKind::code) {
    plan.arguments.emplace_back("-c");
    plan.command_code = program.name;
  }
  plan.arguments.push_back(program.name);
  append(plan.arguments, program.arguments);
  plan.title = program.kind == ProgramKind::code ? "command" : as_title(program.name);
  return plan;
}

fs::path choose_recording(const RunOptions& run, const std::string& title) {
  if (!run.output.empty()) {
    return run.output;
  }
  fs::path path = title + ".lancehead";
  std::error_code error;
  for (int number = 2; fs::exists(path, error); ++number) {
    path = fmt::format("{}-{}.lancehead", title, number);
  }
  return path;
}

}  // namespace lancehead::cli
