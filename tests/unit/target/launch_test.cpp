// Programs started and replaced, with real processes.
#include "target/launch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "support/child.h"
#include "target/image_watch.h"

namespace lancehead::target {
namespace {

using ::testing::HasSubstr;

int end_of(pid_t process) {
  int status = 0;
  ::waitpid(process, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

bool has_children() {
  return ::waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD;
}

TEST(Launch, PassesTheArgumentsAsTheyAre) {
  const SignalGuard signals;
  const auto process = launch(
      {"sh", "-c", "test \"$1\" = 'a b' && test -z \"$2\" && exit 7", "sh", "a b", ""}, signals);
  ASSERT_TRUE(process.has_value());
  EXPECT_EQ(end_of(*process), 7);
}

TEST(Launch, ACommandThatDoesNotExistIsSaidAndLeavesNoChild) {
  const SignalGuard signals;
  const auto process = launch({"no-such-command-anywhere"}, signals);
  ASSERT_FALSE(process.has_value());
  EXPECT_EQ(process.error().kind, ErrorKind::usage);
  EXPECT_EQ(process.error().what, "There is no command 'no-such-command-anywhere'.");
  EXPECT_FALSE(has_children());
}

TEST(Launch, AFileThatMayNotBeExecutedIsSaid) {
  const SignalGuard signals;
  const auto process = launch({"/etc/passwd"}, signals);
  ASSERT_FALSE(process.has_value());
  EXPECT_THAT(process.error().what, HasSubstr("Permission denied"));
  EXPECT_FALSE(has_children());
}

TEST(Launch, TheProgramHasTheDispositionsThatWereThereBefore) {
  const SignalGuard signals;
  const auto process = launch({"sh", "-c", "kill -INT $$; exit 3"}, signals);
  ASSERT_TRUE(process.has_value());
  EXPECT_EQ(end_of(*process), -SIGINT);
  const auto terminated = launch({"sh", "-c", "kill -TERM $$; exit 3"}, signals);
  ASSERT_TRUE(terminated.has_value());
  EXPECT_EQ(end_of(*terminated), -SIGTERM);
}

TEST(SignalGuard, BringsBackWhatWasThere) {
  struct sigaction ours{};
  ours.sa_handler = [](int) {};
  struct sigaction before{};
  ::sigaction(SIGINT, &ours, &before);
  {
    const SignalGuard signals;
    struct sigaction now{};
    ::sigaction(SIGINT, nullptr, &now);
    EXPECT_EQ(now.sa_handler, SIG_IGN);
    sigset_t mask;
    ::sigprocmask(SIG_BLOCK, nullptr, &mask);
    EXPECT_TRUE(sigismember(&mask, SIGCHLD));
    EXPECT_TRUE(sigismember(&mask, SIGTERM));
  }
  struct sigaction after{};
  ::sigaction(SIGINT, &before, &after);
  EXPECT_EQ(after.sa_handler, ours.sa_handler);
  sigset_t mask;
  ::sigprocmask(SIG_BLOCK, nullptr, &mask);
  EXPECT_FALSE(sigismember(&mask, SIGCHLD));
}

TEST(ImageWatch, SeesAnExecOnce) {
  const testing::Child child([](const testing::ChildSide& side) {
    side.tell(1);
    side.wait();
    // Reads from the test until that ends.
    ::dup2(side.in(), STDIN_FILENO);
    ::execl("/bin/cat", "cat", nullptr);
    return 1;
  });
  ASSERT_EQ(child.hear(), 1);
  ImageWatch watch(child.pid());
  EXPECT_FALSE(watch.changed());
  EXPECT_FALSE(watch.changed());
  child.tell();
  EXPECT_TRUE(testing::await([&] { return watch.changed(); }));
  EXPECT_FALSE(watch.changed());
}

TEST(ImageWatch, AProcessThatHasEndedDoesNotChange) {
  testing::Child child([](const testing::ChildSide& side) { return side.wait() ? 0 : 1; });
  ImageWatch watch(child.pid());
  EXPECT_FALSE(watch.changed());
  child.tell();
  EXPECT_EQ(child.join(), 0);
  EXPECT_FALSE(watch.changed());
}

}  // namespace
}  // namespace lancehead::target
