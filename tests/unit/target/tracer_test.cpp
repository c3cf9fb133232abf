// The contract of the tracer, with real children: the program cannot tell.
#include "target/tracer.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <array>
#include <functional>
#include <thread>

#include "support/child.h"

namespace lancehead::target {
namespace {

using testing::await;
using testing::Child;
using testing::ChildSide;

pid_t own_thread() {
  return static_cast<pid_t>(::syscall(SYS_gettid));
}

int count(const ChildSide& side) {
  side.tell(1);
  side.count();
}

int wait_for_end(const ChildSide& side) {
  side.tell(1);
  while (side.wait()) {
  }
  return 0;
}

// Tells the id of a second thread that runs `run`, and waits.
int with_second_thread(const ChildSide& side, const std::function<void()>& run) {
  std::thread second([&] {
    side.tell(static_cast<std::uint64_t>(own_thread()));
    run();
  });
  second.join();
  while (side.wait()) {
  }
  return 0;
}

bool goes_on(const Child& child, Tracer& tracer) {
  const std::uint64_t before = child.counter();
  return await([&] { return child.counter() != before; }, [&] { tracer.handle_events(); });
}

bool stands_still(const Child& child) {
  const std::uint64_t before = child.counter();
  for (int i = 0; i < 1000; ++i) {
    std::this_thread::yield();
  }
  return child.counter() == before;
}

// Stops a thread, trying again as the sampler would where something else came first.
bool stop_at_last(Tracer& tracer, pid_t thread) {
  return await([&] { return tracer.stop(thread, false).has_value(); },
               [&] { tracer.handle_events(); });
}

TEST(Tracer, HoldsAThreadUntilItIsResumed) {
  const Child child(count);
  ASSERT_EQ(child.hear(), 1);
  Tracer tracer(child.pid());
  for (const bool may_poll : {false, true}) {
    ASSERT_TRUE(tracer.stop(child.pid(), may_poll).has_value());
    EXPECT_TRUE(stands_still(child));
    EXPECT_EQ(tracer.stop(child.pid(), may_poll).error(), Fault::changed) << "stopped already";
    tracer.resume(child.pid());
    EXPECT_TRUE(goes_on(child, tracer));
  }
  EXPECT_TRUE(tracer.is_traced(child.pid()));
  EXPECT_EQ(tracer.traced_count(), 1);
}

TEST(Tracer, DetachingLeavesTheProcessRunning) {
  const Child child(count);
  ASSERT_EQ(child.hear(), 1);
  Tracer tracer(child.pid());
  ASSERT_TRUE(tracer.stop(child.pid(), false).has_value());
  tracer.resume(child.pid());
  tracer.release_all();
  EXPECT_EQ(child.tracer(), 0);
  EXPECT_EQ(tracer.traced_count(), 0);
  EXPECT_TRUE(goes_on(child, tracer));
}

TEST(Tracer, DetachingFromAStoppedThreadLetsItRun) {
  const Child child(count);
  ASSERT_EQ(child.hear(), 1);
  {
    Tracer tracer(child.pid());
    ASSERT_TRUE(tracer.stop(child.pid(), false).has_value());
  }
  EXPECT_EQ(child.tracer(), 0);
  const std::uint64_t before = child.counter();
  EXPECT_TRUE(await([&] { return child.counter() != before; }));
}

TEST(Tracer, LetsGoOfThreadsThatWereNotStoppedForAWhile) {
  const Child child(count);
  ASSERT_EQ(child.hear(), 1);
  Tracer tracer(child.pid());
  const auto stop = tracer.stop(child.pid(), false);
  ASSERT_TRUE(stop.has_value());
  tracer.resume(child.pid());
  tracer.release_idle(stop->requested);
  EXPECT_TRUE(tracer.is_traced(child.pid()));
  tracer.release_idle(stop->requested + Nanoseconds(1));
  EXPECT_FALSE(tracer.is_traced(child.pid()));
  EXPECT_EQ(child.tracer(), 0);
  EXPECT_TRUE(goes_on(child, tracer));
}

std::atomic<std::uint64_t>* signals_seen;

int count_signals(const ChildSide& side) {
  signals_seen = &side.counter;
  struct sigaction action{};
  action.sa_handler = [](int) { ++*signals_seen; };
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGUSR1, &action, nullptr);
  return wait_for_end(side);
}

TEST(Tracer, ForwardsEverySignal) {
  const Child child(count_signals);
  ASSERT_EQ(child.hear(), 1);
  Tracer tracer(child.pid());
  ASSERT_TRUE(stop_at_last(tracer, child.pid()));
  tracer.resume(child.pid());
  for (std::uint64_t i = 1; i <= 20; ++i) {
    ::kill(child.pid(), SIGUSR1);
    ASSERT_TRUE(await([&] { return child.counter() == i; }, [&] { tracer.handle_events(); }));
  }
}

TEST(Tracer, ForwardsSignalsThatComeWhileTheThreadIsStopped) {
  const Child child(count_signals);
  ASSERT_EQ(child.hear(), 1);
  Tracer tracer(child.pid());
  ASSERT_TRUE(stop_at_last(tracer, child.pid()));
  ::kill(child.pid(), SIGUSR1);
  EXPECT_EQ(child.counter(), 0);
  tracer.resume(child.pid());
  EXPECT_TRUE(await([&] { return child.counter() == 1; }, [&] { tracer.handle_events(); }));
}

TEST(Tracer, ASignalThatKillsIsTheProcessesEnd) {
  const Child child(count);
  ASSERT_EQ(child.hear(), 1);
  Tracer tracer(child.pid());
  ASSERT_TRUE(tracer.stop(child.pid(), false).has_value());
  tracer.resume(child.pid());
  ::kill(child.pid(), SIGTERM);
  ASSERT_TRUE(await([&] { return tracer.end().has_value(); }, [&] { tracer.handle_events(); }));
  EXPECT_TRUE(WIFSIGNALED(tracer.end()->status));
  EXPECT_EQ(WTERMSIG(tracer.end()->status), SIGTERM);
  EXPECT_EQ(tracer.traced_count(), 0);
}

TEST(Tracer, AThreadKilledWhileItIsStoppedIsGone) {
  const Child child(count);
  ASSERT_EQ(child.hear(), 1);
  Tracer tracer(child.pid());
  ASSERT_TRUE(tracer.stop(child.pid(), false).has_value());
  ::kill(child.pid(), SIGKILL);
  tracer.resume(child.pid());
  ASSERT_TRUE(await([&] { return tracer.end().has_value(); }, [&] { tracer.handle_events(); }));
  EXPECT_EQ(WTERMSIG(tracer.end()->status), SIGKILL);
  EXPECT_EQ(tracer.stop(child.pid(), false).error(), Fault::gone);
}

class TracerStopSignals : public ::testing::TestWithParam<int> {};

TEST_P(TracerStopSignals, StopUntilContinued) {
  const Child child(count);
  ASSERT_EQ(child.hear(), 1);
  Tracer tracer(child.pid());
  ASSERT_TRUE(tracer.stop(child.pid(), false).has_value());
  tracer.resume(child.pid());
  for (int round = 0; round < 2; ++round) {
    ::kill(child.pid(), GetParam());
    const auto is_stopped = [&] { return child.state() == 't' || child.state() == 'T'; };
    ASSERT_TRUE(await([&] { return is_stopped() && stands_still(child); },
                      [&] { tracer.handle_events(); }));
    EXPECT_EQ(tracer.stop(child.pid(), false).error(), Fault::changed);
    tracer.handle_events();
    EXPECT_TRUE(stands_still(child));
    ::kill(child.pid(), SIGCONT);
    ASSERT_TRUE(goes_on(child, tracer));
    ASSERT_TRUE(stop_at_last(tracer, child.pid()));
    tracer.resume(child.pid());
  }
}

INSTANTIATE_TEST_SUITE_P(Signals, TracerStopSignals, ::testing::Values(SIGSTOP, SIGTSTP, SIGTTIN));

TEST(Tracer, AProcessStoppedBeforeItWasTracedStaysStopped) {
  const Child child(count);
  ASSERT_EQ(child.hear(), 1);
  ::kill(child.pid(), SIGSTOP);
  ASSERT_TRUE(await([&] { return child.state() == 'T'; }));
  Tracer tracer(child.pid());
  EXPECT_EQ(tracer.stop(child.pid(), false).error(), Fault::changed);
  EXPECT_TRUE(stands_still(child));
  tracer.release_all();
  EXPECT_EQ(child.tracer(), 0);
  EXPECT_TRUE(stands_still(child));
  EXPECT_TRUE(await([&] { return child.state() == 'T'; }));
  ::kill(child.pid(), SIGCONT);
  EXPECT_TRUE(goes_on(child, tracer));
}

TEST(Tracer, SigcontToARunningProcessDoesNotStopIt) {
  const Child child(count);
  ASSERT_EQ(child.hear(), 1);
  Tracer tracer(child.pid());
  ASSERT_TRUE(tracer.stop(child.pid(), false).has_value());
  tracer.resume(child.pid());
  for (int i = 0; i < 10; ++i) {
    ::kill(child.pid(), SIGCONT);
    ASSERT_TRUE(goes_on(child, tracer));
    ASSERT_TRUE(stop_at_last(tracer, child.pid()));
    tracer.resume(child.pid());
  }
}

int wait_with_epoll(const ChildSide& side) {
  const int epoll = ::epoll_create1(0);
  epoll_event event{.events = EPOLLIN, .data = {}};
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, side.in(), &event);
  side.tell(1);
  const int ready = ::epoll_wait(epoll, &event, 1, -1);
  side.tell(ready == 1 ? 1 : 2);
  return 0;
}

TEST(Tracer, ACallThatWouldFailWithEintrStartsAgain) {
  const Child child(wait_with_epoll);
  ASSERT_EQ(child.hear(), 1);
  const auto waits = [&] {
    const int number = child.system_call();
    return number == SYS_epoll_wait || number == SYS_epoll_pwait;
  };
  ASSERT_TRUE(await(waits));
  Tracer tracer(child.pid());
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(stop_at_last(tracer, child.pid()));
    tracer.resume(child.pid());
    ASSERT_TRUE(await(waits, [&] { tracer.handle_events(); }));
  }
  tracer.release_all();
  ASSERT_TRUE(await(waits));
  child.tell();
  EXPECT_EQ(child.hear(), 1) << "epoll_wait failed";
}

TEST(Tracer, ASignalStillInterruptsACall) {
  const Child child([](const ChildSide& side) {
    struct sigaction action{};
    action.sa_handler = [](int) {};
    ::sigaction(SIGUSR1, &action, nullptr);
    return wait_with_epoll(side);
  });
  ASSERT_EQ(child.hear(), 1);
  ASSERT_TRUE(await([&] { return child.system_call() > 0; }));
  Tracer tracer(child.pid());
  ASSERT_TRUE(stop_at_last(tracer, child.pid()));
  ::kill(child.pid(), SIGUSR1);
  tracer.resume(child.pid());
  ASSERT_TRUE(await([&] { return tracer.end().has_value(); }, [&] { tracer.handle_events(); }));
  EXPECT_EQ(child.hear(), 2) << "epoll_wait went on in spite of the signal";
}

void become_exit_7() {
  ::execl("/bin/sh", "sh", "-c", "exit 7", nullptr);
}

TEST(Tracer, ATracedSecondThreadThatExecsBecomesTheProcess) {
  const Child child([](const ChildSide& side) {
    return with_second_thread(side, [&] {
      side.wait();
      become_exit_7();
    });
  });
  const auto second = static_cast<pid_t>(child.hear());
  Tracer tracer(child.pid());
  ASSERT_TRUE(stop_at_last(tracer, second));
  tracer.resume(second);
  child.tell();
  ASSERT_TRUE(await([&] { return tracer.end().has_value(); }, [&] { tracer.handle_events(); }));
  EXPECT_TRUE(tracer.take_exec());
  EXPECT_FALSE(tracer.take_exec());
  EXPECT_EQ(WEXITSTATUS(tracer.end()->status), 7);
  EXPECT_EQ(tracer.traced_count(), 0);
}

TEST(Tracer, ExecWithAllThreadsTracedIsNotHeldUp) {
  const Child child([](const ChildSide& side) {
    return with_second_thread(side, [&] {
      side.wait();
      become_exit_7();
    });
  });
  const auto second = static_cast<pid_t>(child.hear());
  Tracer tracer(child.pid());
  for (const pid_t thread : {child.pid(), second}) {
    ASSERT_TRUE(stop_at_last(tracer, thread));
    tracer.resume(thread);
  }
  child.tell();
  ASSERT_TRUE(await([&] { return tracer.end().has_value(); }, [&] { tracer.handle_events(); }));
  EXPECT_TRUE(tracer.take_exec());
  EXPECT_EQ(WEXITSTATUS(tracer.end()->status), 7);
}

TEST(Tracer, AThreadThatHasExitedIsGone) {
  const Child child(
      [](const ChildSide& side) { return with_second_thread(side, [&] { side.wait(); }); });
  const auto second = static_cast<pid_t>(child.hear());
  Tracer tracer(child.pid());
  ASSERT_TRUE(stop_at_last(tracer, second));
  tracer.resume(second);
  child.tell();
  ASSERT_TRUE(await([&] { return !tracer.is_traced(second); }, [&] { tracer.handle_events(); }));
  EXPECT_EQ(child.state(second), '-') << "not reaped";
  EXPECT_EQ(tracer.stop(second, false).error(), Fault::gone);
  EXPECT_FALSE(tracer.end().has_value());
}

TEST(Tracer, AProcessThatHasEndedAndWasNotReapedIsGone) {
  const Child child([](const ChildSide&) { return 3; });
  ASSERT_TRUE(await([&] { return child.state() == 'Z'; }));
  Tracer tracer(child.pid());
  EXPECT_EQ(tracer.stop(child.pid(), false).error(), Fault::gone);
}

TEST(Tracer, TheEndOfAProcessThatWasNeverTracedIsSeen) {
  const Child child([](const ChildSide&) { return 3; });
  Tracer tracer(child.pid());
  ASSERT_TRUE(await([&] { return tracer.end().has_value(); }, [&] { tracer.handle_events(); }));
  EXPECT_EQ(WEXITSTATUS(tracer.end()->status), 3);
}

TEST(Tracer, AThreadTracedByAnotherIsDenied) {
  const Child child(wait_for_end);
  ASSERT_EQ(child.hear(), 1);
  const Child other([&](const ChildSide& side) {
    Tracer tracer(child.pid());
    side.tell(tracer.stop(child.pid(), false).has_value() ? 1 : 2);
    return side.wait() ? 0 : 1;
  });
  if (other.hear() != 1) {
    GTEST_SKIP() << "the kernel lets processes trace only their own children";
  }
  Tracer tracer(child.pid());
  EXPECT_EQ(tracer.stop(child.pid(), false).error(), Fault::denied);
}

}  // namespace
}  // namespace lancehead::target
