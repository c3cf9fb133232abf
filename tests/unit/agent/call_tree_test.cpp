// The tree of calls: counted by one side of the share, read by the other.
#include "agent/call_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <new>
#include <set>
#include <string>
#include <vector>

#include "agent/call_reader.h"
#include "agent/share_writer.h"

namespace lancehead::agent {
namespace {

// A share with one thread, whose clock goes on by one with each look at it.
class CallTree : public ::testing::Test, public CallSource {
 protected:
  CallTree()
      : path_(std::filesystem::temp_directory_path() /
              ("lancehead-calls-" + std::to_string(::getpid()))),
        reader_(ShareReader::create(path_, "calls\n")),
        writer_(path_.c_str(), 0x030D00F0) {
    constexpr std::size_t kSize =
        kThreadOffset + sizeof(CallThread) + kCallEntries * sizeof(CallEntry);
    auto* segment = writer_.new_segment(SegmentKind::call_thread, 0, kSize);
    thread_ = new (reinterpret_cast<char*>(segment) + kThreadOffset) CallThread;
    begin_thread(*thread_, CallTree::new_node(), 0);
  }
  ~CallTree() override { std::filesystem::remove(path_); }

  CallNode* new_node() override {
    if (room_ == 0) {
      return nullptr;
    }
    --room_;
    std::uint64_t used = nodes_ == nullptr ? 0 : nodes_->used.load();
    if (nodes_ == nullptr || kNodeOffset + (used + 1) * sizeof(CallNode) > nodes_->size) {
      nodes_ = writer_.new_segment(SegmentKind::call_nodes, 0, kFirstNodeSegment);
      used = 0;
    }
    nodes_->used.store(used + 1);
    return new (reinterpret_cast<char*>(nodes_) + kNodeOffset + used * sizeof(CallNode)) CallNode;
  }
  std::uint32_t callee(const void* key) override {
    return static_cast<std::uint32_t>(static_cast<const char*>(key) - keys_);
  }

  [[nodiscard]] const void* key(std::uint32_t number) const { return keys_ + number; }
  void call(std::uint32_t number) {
    enter(*thread_, *this, key(number), [this] { return ++now_; });
  }
  void end(std::uint32_t number) { leave(*thread_, key(number), ++now_); }

  ReadCallThread read() {
    reader_->poll();
    return read_calls(*reader_, reader_->processes()[0].calls.at(0), now_);
  }

  static constexpr const char* keys_ = "the callees are the places in this text: as many as needed";

  std::filesystem::path path_;
  Result<ShareReader> reader_;
  ShareWriter writer_;
  SegmentHeader* nodes_ = nullptr;
  CallThread* thread_ = nullptr;
  std::uint64_t now_ = 100;
  std::size_t room_ = 1'000'000;
};

TEST_F(CallTree, CountsAndTimesEachPath) {
  call(1);
  for (int i = 0; i < 3; ++i) {
    call(2);
    end(2);
  }
  call(3);
  call(2);
  end(2);
  end(3);
  end(1);
  const ReadCallThread found = read();
  ASSERT_EQ(found.calls.size(), 4U);
  EXPECT_EQ(found.calls[0].callee, 1U);
  EXPECT_EQ(found.calls[0].parent, ReadCall::kRoot);
  EXPECT_EQ(found.calls[0].ticks, 11U);
  std::uint64_t calls_of_2 = 0;
  for (const ReadCall& each : found.calls) {
    if (each.callee == 2) {
      calls_of_2 += each.count;
      EXPECT_EQ(each.ticks, each.count);  // one look at the clock each
    }
  }
  EXPECT_EQ(calls_of_2, 4U);
  EXPECT_EQ(found.dropped + found.lost + found.unmatched, 0U);
}

TEST_F(CallTree, FindsChildrenWhereThereAreMany) {
  call(0);
  for (int round = 0; round < 3; ++round) {
    for (std::uint32_t i = 1; i < 40; ++i) {
      const std::uint32_t number = round == 1 ? 40 - i : i;
      call(number);
      end(number);
    }
  }
  const ReadCallThread found = read();
  EXPECT_EQ(found.calls.size(), 40U);
  for (const ReadCall& each : found.calls) {
    EXPECT_EQ(each.count, each.callee == 0 ? 1U : 3U);
  }
}

TEST_F(CallTree, IsWholeWhileCallsAreOpen) {
  call(1);
  call(2);
  now_ += 50;
  const ReadCallThread found = read();
  ASSERT_EQ(found.calls.size(), 2U);
  EXPECT_EQ(found.calls[1].open, 1U);
  EXPECT_EQ(found.calls[1].ticks, 50U);
  EXPECT_EQ(found.calls[0].ticks, 51U);
}

TEST_F(CallTree, GoesOnWhereAnEndWasNotSeen) {
  call(1);
  call(2);
  call(3);
  end(1);
  EXPECT_EQ(thread_->top, entries(*thread_));
  EXPECT_EQ(read().dropped, 2U);
  end(5);
  EXPECT_EQ(read().unmatched, 1U);
  call(4);
  end(4);
  EXPECT_EQ(read().calls.size(), 4U);
}

TEST_F(CallTree, EndsANativeCallFromItsCaller) {
  call(1);
  call(2);
  end_native(*thread_, key(1), ++now_);
  EXPECT_EQ(thread_->top->node->key, key(1));
  EXPECT_EQ(read().dropped, 0U);
}

TEST_F(CallTree, LeavesOutWhatThereIsNoRoomFor) {
  call(1);
  room_ = 0;
  call(2);
  call(3);
  end(3);
  end(2);
  call(2);
  end(2);
  end(1);
  EXPECT_EQ(thread_->top, entries(*thread_));
  const ReadCallThread found = read();
  EXPECT_EQ(found.lost, 3U);
  ASSERT_EQ(found.calls.size(), 1U);
  EXPECT_EQ(found.calls[0].count, 1U);
}

TEST_F(CallTree, EndsBelowTheDeepestCallThatHasRoom) {
  const std::size_t deep = kCallEntries + 10;
  for (std::size_t i = 0; i < deep; ++i) {
    call(1);
  }
  EXPECT_EQ(thread_->overflow, deep - (kCallEntries - 1));
  for (std::size_t i = 0; i < deep; ++i) {
    end(1);
  }
  EXPECT_EQ(thread_->top, entries(*thread_));
  EXPECT_EQ(thread_->overflow, 0U);
}

// Every pointer may be wrong: whatever is read, reading comes to an end.
TEST_F(CallTree, IsReadWithCareWhereItIsDamaged) {
  call(1);
  call(2);
  call(3);
  CallNode* one = thread_->top->node;
  const std::set<CallNode*> wrong = {nullptr, one, entries(*thread_)->node,
                                     reinterpret_cast<CallNode*>(8)};
  for (CallNode* pointer : wrong) {
    one->first_child = pointer;
    one->next_sibling = pointer;
    EXPECT_LE(read().calls.size(), 3U);
  }
  CallEntry* top = thread_->top;
  for (CallEntry* pointer : {static_cast<CallEntry*>(nullptr), top + kCallEntries, top - 100}) {
    thread_->top = pointer;
    EXPECT_LE(read().calls.size(), 3U);
  }
}

TEST(CallRecords, ComeBackAsTheyWereWritten) {
  const CallsRecord record{.clock = 1,
                           .ticks = 1ULL << 60U,
                           .monotonic = 77,
                           .events = 2,
                           .python = {.inside = 1, .outside = 2},
                           .native = {.inside = 3, .outside = 4}};
  const auto back = decode_calls(encode(record));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->ticks, record.ticks);
  EXPECT_EQ(back->native.outside, 4U);
  CalleeRecord callee{.function = "<built-in method builtins.abs>", .code = {}};
  EXPECT_EQ(decode_callee(encode(callee))->function, callee.function);
  callee.function.clear();
  callee.code.name = "f";
  callee.code.first_line = 7;
  EXPECT_EQ(decode_callee(encode(callee))->code.first_line, 7U);
  EXPECT_FALSE(decode_callee({}));
}

}  // namespace
}  // namespace lancehead::agent
