// Replays the memory of real processes of every version against the reader.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "support/recorded_process.h"
#include "target/recorded_memory.h"

namespace lancehead::python {
namespace {

namespace fs = std::filesystem;

std::string load(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> image_names() {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(LANCEHEAD_TEST_DATA "/images")) {
    if (entry.path().extension() == ".image") {
      names.push_back(entry.path().stem());
    }
  }
  std::ranges::sort(names);
  return names;
}

TEST(RecordedImages, OneOfEachSupportedMinorVersion) {
  EXPECT_THAT(image_names(),
              ::testing::IsSupersetOf({"python3.8", "python3.9", "python3.10", "python3.11",
                                       "python3.12", "python3.13", "python3.14", "python3.15"}));
}

// The lines of both from the first on that is not the same; whole texts are too long to be shown.
std::string first_difference(std::string_view found, std::string_view expected) {
  std::size_t line = 0;
  for (std::size_t i = 0; i < std::min(found.size(), expected.size()) && found[i] == expected[i];
       ++i) {
    line = found[i] == '\n' ? i + 1 : line;
  }
  const auto line_of = [&](std::string_view text) {
    return std::string(text.substr(line, text.find('\n', line) - line));
  };
  return "found:    " + line_of(found) + "\nexpected: " + line_of(expected);
}

class RecordedImage : public ::testing::TestWithParam<std::string> {};

TEST_P(RecordedImage, IsReadAsTheInterpreterSaidOfItself) {
  const fs::path path = fs::path(LANCEHEAD_TEST_DATA "/images") / GetParam();
  auto image = target::MemoryImage::decode(as_byte_span(load(path.string() + ".image")));
  ASSERT_TRUE(image.has_value());
  target::RecordedMemory memory(std::move(*image));
  const auto process = testing::describe_recorded(memory);
  ASSERT_TRUE(process.has_value());
  const auto words = testing::describe_in_words(memory, *process);
  ASSERT_TRUE(words.has_value()) << to_string(words.error());
  const std::string expected = load(path.string() + ".txt");
  EXPECT_TRUE(*words == expected) << "The first difference:\n"
                                  << first_difference(*words, expected);
}

INSTANTIATE_TEST_SUITE_P(Versions, RecordedImage, ::testing::ValuesIn(image_names()),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           std::ranges::replace(name, '.', '_');
                           return name;
                         });

}  // namespace
}  // namespace lancehead::python
