#include "python/thread_names.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "object_maker.h"
#include "python/dict_reader.h"

namespace lancehead::python {
namespace {

using target::Address;
using target::RecordedMemory;
using ::testing::ElementsAre;

constexpr std::uint64_t kPthread = 0x7F1234567700;

// How an instance keeps its attributes.
enum class Home { shared, own_dict };

// An interpreter whose `threading` knows one thread.
struct Program {
  explicit Program(const Layout& of, Home home = Home::shared) : layout(of), make(of) {
    name = make.text("worker");
    const Address instance = make_thread(home);
    active = make.dict_of_ints({{1, {}}, {kPthread, instance}});
    globals_keys =
        make.keys({{make.text("_limbo"), name}, {{}, {}}, {make.text("_active"), active}}, false);
    const Address module = make.room(layout.module.dict.bytes + 8);
    make.store(module + layout.module.dict.bytes, make.dict(globals_keys).value);
    ObjectMaker::Items modules;
    for (int i = 0; i < 300; ++i) {
      modules.emplace_back(make.text(fmt::format("module_{:02}", i)), name);
    }
    modules.emplace_back(make.text("threading"), module);
    interpreter = make.room(layout.interpreter.modules.bytes + 8);
    make.store(interpreter + layout.interpreter.modules.bytes,
               make.dict(make.keys(modules, false)).value);
  }

  Address make_thread(Home home) {
    const Address type = make.type("Thread");
    const std::vector<Address> attributes = {make.text("_target"), make.text("_name")};
    const std::vector<Address> of_instance = {make.text("other"), name};
    const Address keys =
        make.keys({{attributes[0], of_instance[0]}, {attributes[1], of_instance[1]}}, false,
                  home == Home::own_dict);
    const Address instance = make.room(256);
    make.store(instance + layout.object.type.bytes, type.value);
    make.store(type + layout.type.cached_keys.bytes, keys.value);
    make.store(type + layout.type.basic_size.bytes, 64);
    const bool managed = layout.version.at_least(11);
    const std::uint64_t inline_flag = layout.version.at_least(13) ? 4 : 0;
    make.store(type + layout.type.flags.bytes, (managed ? 16U : 0U) | inline_flag | (1U << 9U));
    const Address dict_at =
        managed ? Address{instance.value - layout.instance.dict_before.bytes} : instance + 24;
    make.store(type + layout.type.dict_offset.bytes, managed ? ~0ULL : 24);
    if (home == Home::own_dict) {
      make.store(dict_at, make.dict(keys).value);
    } else if (!managed) {
      make.store(dict_at, make.dict(keys, make.values(of_instance)).value);
    } else if (layout.version.at_least(13)) {
      make.store_values(instance + 64, of_instance);
    } else if (layout.version.at_least(12)) {
      make.store(dict_at, make.values(of_instance).value - 1);
    } else {
      make.store({instance.value - layout.instance.values_before.bytes},
                 make.values(of_instance).value);
    }
    return instance;
  }

  Faulty<std::vector<std::string>> read() {
    RecordedMemory memory(make.take());
    const std::vector<std::uint64_t> pthreads = {kPthread, 5, 0, 1};
    return ThreadNames(memory, layout).read(interpreter, pthreads);
  }

  const Layout& layout;
  ObjectMaker make;
  Address name, active, globals_keys, interpreter;
};

class CountingMemory final : public target::Memory {
 public:
  explicit CountingMemory(target::MemoryImage image) : recorded(std::move(image)) {}

  Faulty<std::size_t> read_many(std::span<const target::ReadRequest> requests) override {
    ++calls;
    return recorded.read_many(requests);
  }
  target::MemoryImage& image() { return recorded.image; }

  RecordedMemory recorded;
  int calls = 0;
};

// Whoever points to `from` points to `to`.
void replace_pointers(RecordedMemory& memory, Address from, Address to) {
  const auto segments = memory.image.segments();
  for (const auto& [start, bytes] : segments) {
    for (std::uint64_t at = start; at + 8 <= start + bytes.size(); at += 8) {
      if (memory.read_pointer({at}).value_or(Address{}) == from) {
        memory.image.store_value({at}, to);
      }
    }
  }
}

class ThreadNamesOfEachLayout : public ::testing::TestWithParam<std::size_t> {
 protected:
  const Layout& layout = known_layouts()[GetParam()];
};

TEST_P(ThreadNamesOfEachLayout, AreFoundInSharedAttributes) {
  const auto names = Program(layout).read();
  ASSERT_TRUE(names.has_value()) << to_string(names.error());
  EXPECT_THAT(*names, ElementsAre("worker", "", "", ""));
}

TEST_P(ThreadNamesOfEachLayout, AreFoundInADict) {
  const auto names = Program(layout, Home::own_dict).read();
  ASSERT_TRUE(names.has_value()) << to_string(names.error());
  EXPECT_THAT(*names, ElementsAre("worker", "", "", ""));
}

TEST_P(ThreadNamesOfEachLayout, AreNotGuessedFromWhatIsNoStr) {
  Program program(layout);
  program.make.store(program.name + layout.object.type.bytes, program.make.type("bytes").value);
  EXPECT_THAT(program.read().value(), ElementsAre("", "", "", ""));
}

TEST_P(ThreadNamesOfEachLayout, AreNotReadFromATableWithoutEnd) {
  Program program(layout);
  program.make.store(program.globals_keys + layout.dict_keys.entry_count.bytes, 1ULL << 40U);
  EXPECT_EQ(program.read().error(), Fault::too_large);
}

TEST_P(ThreadNamesOfEachLayout, AreNotReadFromATableOfAnImpossibleSize) {
  for (const std::uint64_t head : {std::uint64_t{0xFFFFFFFFFFFFFFFF}, std::uint64_t{0x3F3F}}) {
    Program program(layout);
    program.make.store(program.globals_keys + 8, head);
    EXPECT_EQ(program.read().error(), Fault::implausible);
  }
}

TEST_P(ThreadNamesOfEachLayout, NeedModules) {
  Program program(layout);
  program.make.store(program.interpreter + layout.interpreter.modules.bytes, 0);
  EXPECT_EQ(program.read().error(), Fault::implausible);
}

TEST_P(ThreadNamesOfEachLayout, AreReadAgainInFewCallsUntilTheyChange) {
  for (const Home home : {Home::shared, Home::own_dict}) {
    Program program(layout, home);
    const Address other = program.make.text("another");
    CountingMemory memory(program.make.take());
    ThreadNames names(memory, layout);
    const auto read = [&] {
      memory.calls = 0;
      return names.read(program.interpreter, std::vector{kPthread}).value();
    };
    EXPECT_THAT(read(), ElementsAre("worker"));
    const int first = memory.calls;
    EXPECT_THAT(read(), ElementsAre("worker"));
    EXPECT_LT(memory.calls, 10);
    EXPECT_LT(memory.calls, first);

    const std::string_view in_place = "walker";
    memory.image().store(program.name + layout.unicode.ascii_data,
                         std::as_bytes(std::span(in_place)));
    EXPECT_THAT(read(), ElementsAre("walker"));
    replace_pointers(memory.recorded, program.name, other);
    EXPECT_THAT(read(), ElementsAre("another"));
    names.forget();
    EXPECT_THAT(read(), ElementsAre("another"));
  }
}

INSTANTIATE_TEST_SUITE_P(All, ThreadNamesOfEachLayout,
                         ::testing::Range(std::size_t{0}, known_layouts().size()),
                         [](const auto& tested) {
                           const Layout& layout = known_layouts()[tested.param];
                           return fmt::format("Python3_{}{}", layout.version.minor,
                                              layout.free_threaded ? "t" : "");
                         });

// A memory in which something happens before one of its reads.
class MovingMemory final : public target::Memory {
 public:
  MovingMemory(target::MemoryImage image, Address at, std::function<void(RecordedMemory&)> event)
      : memory_(std::move(image)), at_(at), event_(std::move(event)) {}

  Faulty<std::size_t> read_many(std::span<const target::ReadRequest> requests) override {
    if (event_ && requests.front().from == at_) {
      std::exchange(event_, nullptr)(memory_);
    }
    return memory_.read_many(requests);
  }

 private:
  RecordedMemory memory_;
  Address at_;
  std::function<void(RecordedMemory&)> event_;
};

TEST(ThreadNames, AreNotReadFromADictThatGrowsMeanwhile) {
  const Layout& layout = known_layouts().front();
  ObjectMaker make(layout);
  const Address keys = make.keys({{make.text("key"), make.text("value")}}, false);
  const Address dict = make.dict(keys);
  MovingMemory memory(make.take(), keys, [&](RecordedMemory& moved) {
    moved.image.store_value(dict + layout.dict.keys.bytes, dict);
  });
  EXPECT_EQ(DictReader(memory, layout).read_entries(dict, 10).error(), Fault::changed);
}

TEST(ThreadNames, AreNotReadFromTextThatIsReplacedMeanwhile) {
  const Layout& layout = known_layouts().front();
  Program program(layout, Home::own_dict);
  const Address other = program.make.text("another");
  auto image = program.make.take();
  MovingMemory memory(std::move(image), program.name,
                      [&](RecordedMemory& moved) { replace_pointers(moved, program.name, other); });
  const std::vector<std::uint64_t> pthreads = {kPthread};
  ThreadNames names(memory, layout);
  EXPECT_THAT(names.read(program.interpreter, pthreads).value(), ElementsAre(""));
  EXPECT_THAT(names.read(program.interpreter, pthreads).value(), ElementsAre("another"));
}

}  // namespace
}  // namespace lancehead::python
