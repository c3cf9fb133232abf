// How recover() fares with helpers that are broken, slow or hostile. Shell scripts stand in for the
// interpreter: they get our arguments and ignore them.
#include "recompile/recover.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>

namespace lancehead::recompile {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// What a helper of Python 3.9 says first: version 3.9.18 and magic number 3425.
constexpr const char* kHello = R"(printf 'LHR1\360\022\011\003\141\015\000\000'; )";

WantedFile file_of_one(std::string_view name) {
  WantedFile file;
  file.path = name;
  file.text = "pass\n";
  file.codes.push_back({.name = "<module>", .first_line = 1, .bytecode = {100, 0, 83, 0}});
  return file;
}

Request request_to(const std::string& script) {
  Request request;
  request.version = code::PythonVersion::from_hex(0x030912F0);
  request.interpreter.argv = {"/bin/sh", "-c", script, "helper"};
  request.files.push_back(file_of_one("one.py"));
  request.limits.total = std::chrono::milliseconds(2000);
  request.limits.per_file = std::chrono::milliseconds(200);
  return request;
}

std::string trouble_with(const std::string& answer) {
  const auto response = recover(request_to(kHello + answer));
  if (!response) {
    return "failed: " + response.error().what;
  }
  EXPECT_THAT(response->files, SizeIs(1));
  EXPECT_THAT(response->files[0].codes, SizeIs(1));
  EXPECT_EQ(response->files[0].codes[0].outcome, Outcome::no_answer);
  return response->files[0].trouble;
}

TEST(Recover, SaysThatAnInterpreterIsMissing) {
  Request request = request_to("");
  request.interpreter.argv = {"/nowhere/python3.9"};
  const auto response = recover(request);
  ASSERT_FALSE(response);
  EXPECT_THAT(
      response.error().what,
      HasSubstr("'/nowhere/python3.9' cannot look for expressions: it could not be started: "
                "No such file or directory."));
  request.interpreter.argv.clear();
  EXPECT_FALSE(recover(request));
}

TEST(Recover, SaysHowAHelperEndedBeforeItAnswered) {
  EXPECT_THAT(recover(request_to("exit 3")).error().what,
              HasSubstr("it ended with code 3 before it answered."));
  EXPECT_THAT(recover(request_to("kill -SEGV $$")).error().what,
              HasSubstr("it was killed by signal 11 (Segmentation fault) before it answered."));
  EXPECT_THAT(recover(request_to("printf 'not a word of it'; sleep 9")).error().what,
              HasSubstr("what it answered is not from a Python"));
}

TEST(Recover, RefusesAnotherVersion) {
  Request request = request_to(std::string(kHello) + "sleep 9");
  request.version = code::PythonVersion::from_hex(0x030812F0);
  const auto response = recover(request);
  ASSERT_FALSE(response);
  EXPECT_THAT(response.error().what, HasSubstr("is Python 3.9.18, whose bytecode differs"));
  EXPECT_THAT(response.error().remedy, HasSubstr("Python 3.8"));
}

TEST(Recover, RefusesAnotherMagicNumber) {
  EXPECT_FALSE(recover(request_to(R"(printf 'LHR1\360\022\011\003\142\015\000\000'; sleep 9)")));
}

TEST(Recover, ASilentHelperIsKilledInTime) {
  const auto began = std::chrono::steady_clock::now();
  EXPECT_THAT(trouble_with("sleep 60"), HasSubstr("was not compiled in 0.2 s"));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(30));
}

TEST(Recover, AHelperThatNeverEndsItsAnswerIsStopped) {
  EXPECT_THAT(trouble_with("yes"), HasSubstr("too long to be true"));
  EXPECT_THAT(trouble_with(R"(printf '\020\000\000\000'; sleep 60)"),
              HasSubstr("was not compiled in"));
}

TEST(Recover, AHelperThatBreaksIsNamed) {
  EXPECT_THAT(trouble_with("kill -ABRT $$"),
              HasSubstr("the compiler broke on it: it was killed by"));
  EXPECT_THAT(trouble_with("exit 0"), HasSubstr("the compiler broke on it: it ended with code 0"));
}

// One code object of four bytes: status, outcome, count, then ranges.
std::string answer_with(const std::string& ranges, const std::string& size,
                        const std::string& count = R"(\001)") {
  return "printf '" + size + R"(\000\000\000\000\000\000\000\000\000\000\000)" + count +
         R"(\000\000\000)" + ranges + "'; sleep 9";
}

std::string number(const std::string& low) {
  return low + R"(\000\000\000)";
}

std::string range_of(const std::string& begin, const std::string& end, const std::string& line,
                     const std::string& end_line, const std::string& column,
                     const std::string& end_column) {
  return number(begin) + number(end) + number(line) + number(end_line) + number(column) +
         number(end_column);
}

TEST(Recover, BelievesAnAnswerThatCanBe) {
  const auto good = range_of("\\000", "\\004", "\\001", "\\001", "\\000", "\\004");
  const auto response = recover(request_to(kHello + answer_with(good, "\\044")));
  ASSERT_TRUE(response);
  ASSERT_THAT(response->files[0].codes, SizeIs(1));
  EXPECT_EQ(response->files[0].codes[0].outcome, Outcome::matched);
  EXPECT_THAT(response->files[0].codes[0].ranges,
              ::testing::ElementsAre(code::PositionRange{0, 4, 1, 1, 0, 4}));
}

TEST(Recover, BelievesNoAnswerThatCannotBe) {
  const char* const zero = "\\000";
  const char* const one = "\\001";
  const char* const two = "\\002";
  const char* const four = "\\004";
  for (const std::string& bad : {
           range_of(zero, "\\006", one, one, zero, one),  // past the end of the bytecode
           range_of(zero, zero, one, one, zero, one),     // empty
           range_of(one, two, one, one, zero, one),       // odd
           range_of(zero, four, zero, one, zero, one),    // line 0
           range_of(zero, four, two, one, zero, one),     // ends before it begins
           range_of(zero, four, one, one, two, one),      // the same in columns
       }) {
    EXPECT_THAT(trouble_with(answer_with(bad, "\\044")), HasSubstr("makes no sense"));
  }
  EXPECT_THAT(trouble_with(answer_with("", "\\014", "\\377")), HasSubstr("makes no sense"));
}

TEST(Recover, AFileThatBreaksTheHelperOnlyCostsItself) {
  // The first helper dies of the first file, the second answers for the one that is left.
  const auto mark =
      std::filesystem::temp_directory_path() / ("lancehead-recover-" + std::to_string(::getpid()));
  std::filesystem::create_directory(mark);
  const auto good = range_of("\\000", "\\004", "\\001", "\\001", "\\000", "\\004");
  Request request = request_to(kHello + ("rmdir " + mark.string() + " && kill -SEGV $$; ") +
                               answer_with(good, "\\044"));
  request.files.push_back(file_of_one("two.py"));
  const auto response = recover(request);
  ASSERT_TRUE(response);
  ASSERT_THAT(response->files, SizeIs(2));
  EXPECT_THAT(response->files[0].trouble, HasSubstr("signal 11"));
  EXPECT_EQ(response->files[1].trouble, "");
  EXPECT_EQ(response->files[1].codes[0].outcome, Outcome::matched);
}

TEST(Recover, StopsStartingHelpersAtSomePoint) {
  Request request = request_to(std::string(kHello) + "exit 1");
  for (int i = 0; i < 30; ++i) {
    request.files.push_back(file_of_one("more.py"));
  }
  const auto response = recover(request);
  ASSERT_TRUE(response);
  ASSERT_THAT(response->files, SizeIs(31));
  EXPECT_THAT(response->files.front().trouble, HasSubstr("the compiler broke on it"));
  EXPECT_THAT(response->files.back().trouble, HasSubstr("broke too often on other files"));
}

TEST(Recover, TheHelperHasNoEnvironmentAndFewRights) {
  ::setenv("LANCEHEAD_SECRET", "x", 1);
  const auto ended = [](const std::string& test) {
    return recover(request_to("if " + test + "; then exit 21; else exit 22; fi")).error().what;
  };
  EXPECT_THAT(ended("test -z \"$LANCEHEAD_SECRET$HOME\""), HasSubstr("code 21"));
  EXPECT_THAT(ended("test $(ulimit -c) = 0"), HasSubstr("code 21"));
  EXPECT_THAT(ended("test $(ulimit -v) = 2097152"), HasSubstr("code 21"));
  EXPECT_THAT(ended("test \"$PWD\" = /"), HasSubstr("code 21"));
}

TEST(Recover, BecomesTheTargetsUser) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root can become another user";
  }
  Request request =
      request_to("test $(id -u) = 65534 && test $(id -g) = 65534 && exit 21; exit 22");
  request.interpreter.uid = 65534;
  request.interpreter.gid = 65534;
  EXPECT_THAT(recover(request).error().what, HasSubstr("code 21"));
}

}  // namespace
}  // namespace lancehead::recompile
