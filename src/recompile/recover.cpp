#include "recompile/recover.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "code/opcodes.h"
#include "recompile/helper_process.h"

namespace lancehead::recompile {
namespace {

constexpr int kMaxRestarts = 8;

std::string in_seconds(std::chrono::milliseconds time) {
  return fmt::format("{:g} s", static_cast<double>(time.count()) / 1000);
}

// Whether bytecode of the one version is bytecode of the other.
Result<void> check_kind(const Hello& hello, const Request& request) {
  const code::OpcodeTable* table = code::opcodes_of(request.version);
  const bool same_minor =
      hello.version.major == request.version.major && hello.version.minor == request.version.minor;
  if (same_minor && table != nullptr && table->magic == hello.magic) {
    return {};
  }
  return fail(
      ErrorKind::cannot_observe,
      fmt::format("The interpreter '{}' is Python {}, whose bytecode differs from that of "
                  "Python {}, which ran the program.",
                  fmt::join(request.interpreter.argv, " "), to_string(hello.version),
                  to_string(request.version)),
      fmt::format("Name a final release of Python {} instead.", minor_string(request.version)));
}

Result<void> greet(HelperProcess& helper, const Request& request, Clock::time_point deadline) {
  const auto bytes = helper.receive(Hello::kSize, deadline);
  const auto hello = bytes ? decode_hello(*bytes) : std::nullopt;
  if (hello) {
    return check_kind(*hello, request);
  }
  const bool late = !bytes && bytes.error() == HelperProcess::Stop::timed_out;
  const std::string ending = helper.end();
  return fail(ErrorKind::cannot_observe,
              fmt::format("The interpreter '{}' cannot look for expressions: {}.",
                          fmt::join(request.interpreter.argv, " "),
                          late    ? "it did not answer in " + in_seconds(request.limits.total)
                          : bytes ? "what it answered is not from a Python 3.8 or later"
                                  : ending + " before it answered"));
}

Bytes encode_request(std::span<const WantedFile> files) {
  ByteWriter writer;
  writer.little(static_cast<std::uint32_t>(files.size()));
  for (const WantedFile& file : files) {
    encode(writer, file);
  }
  return writer.take();
}

// The answer for one file; else why there is none, after which the helper is of no more use.
std::expected<FileAnswer, std::string> ask(HelperProcess& helper, const WantedFile& file,
                                           const Limits& limits, Clock::time_point end) {
  const auto deadline = std::min(end, Clock::now() + limits.per_file);
  const auto stopped = [&](HelperProcess::Stop stop) {
    return stop == HelperProcess::Stop::timed_out
               ? "it was not compiled in " + in_seconds(std::min(limits.per_file, limits.total))
               : "the compiler broke on it: " + helper.end();
  };
  const auto size_bytes = helper.receive(4, deadline);
  if (!size_bytes) {
    return std::unexpected(stopped(size_bytes.error()));
  }
  const auto size = ByteReader(*size_bytes).little<std::uint32_t>();
  if (size > answer_bound(file)) {
    return std::unexpected("the compiler's answer is too long to be true");
  }
  const auto bytes = helper.receive(size, deadline);
  if (!bytes) {
    return std::unexpected(stopped(bytes.error()));
  }
  auto answer = decode_answer(*bytes, file);
  if (!answer) {
    return std::unexpected("the compiler's answer makes no sense");
  }
  return *std::move(answer);
}

FileAnswer without_answer(const WantedFile& file, std::string trouble) {
  FileAnswer answer;
  answer.trouble = std::move(trouble);
  answer.codes.resize(file.codes.size());
  return answer;
}

// Answers for the first files, up to and with the first that breaks the helper.
Result<std::vector<FileAnswer>> one_helper(const Request& request,
                                           std::span<const WantedFile> files,
                                           Clock::time_point end) {
  auto helper = HelperProcess::start(request.interpreter, request.limits);
  if (!helper) {
    return std::unexpected(helper.error());
  }
  if (auto greeted = greet(*helper, request, end); !greeted) {
    return std::unexpected(greeted.error());
  }
  helper->send(encode_request(files));
  std::vector<FileAnswer> answers;
  for (const WantedFile& file : files) {
    auto answer = ask(*helper, file, request.limits, end);
    if (!answer) {
      answers.push_back(without_answer(file, answer.error()));
      break;
    }
    answers.push_back(*std::move(answer));
  }
  return answers;
}

}  // namespace

Result<Response> recover(const Request& request) {
  Response response;
  const std::span<const WantedFile> files = request.files;
  const auto end = Clock::now() + request.limits.total;
  for (int start = 0; start <= kMaxRestarts && response.files.size() < files.size(); ++start) {
    if (start > 0 && Clock::now() >= end) {
      break;
    }
    auto answers = one_helper(request, files.subspan(response.files.size()), end);
    if (!answers && start == 0) {
      return std::unexpected(answers.error());
    }
    if (!answers) {
      break;
    }
    std::ranges::move(*answers, std::back_inserter(response.files));
  }
  const std::string why =
      Clock::now() >= end
          ? "the time for this, " + in_seconds(request.limits.total) + ", was over before its turn"
          : "the compiler broke too often on other files";
  while (response.files.size() < files.size()) {
    response.files.push_back(without_answer(files[response.files.size()], why));
  }
  return response;
}

}  // namespace lancehead::recompile
