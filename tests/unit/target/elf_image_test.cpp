#include "target/elf_image.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "target/maps.h"

// Something to be found, under a name that no library has.
extern "C" {
extern const char lancehead_elf_image_mark[];
const char lancehead_elf_image_mark[] = "here";
}

namespace lancehead::target {
namespace {

UniqueFd own_binary() {
  return UniqueFd(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
}

// A file without a name that holds these bytes.
UniqueFd file_of(const std::string& bytes) {
  UniqueFd file(::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  EXPECT_EQ(::write(file.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  return file;
}

TEST(ElfImage, FindsASymbolWhereItStandsInMemory) {
  const auto image = ElfImage::open(own_binary());
  ASSERT_TRUE(image.has_value());
  const auto symbol = image->find_symbol("lancehead_elf_image_mark");
  const auto load = image->first_load();
  ASSERT_TRUE(symbol && load);
  EXPECT_EQ(symbol->size, sizeof lancehead_elf_image_mark);
  const auto maps = read_maps(::getpid()).value();
  const Address mark{reinterpret_cast<std::uint64_t>(&lancehead_elf_image_mark)};
  for (const Mapping& mapping : maps) {
    if (mapping.contains(mark)) {
      for (const Mapping& first : maps) {
        if (first.inode == mapping.inode && first.file_offset == load->file_offset) {
          EXPECT_EQ(symbol->address + (first.start.value - load->address), mark.value);
          return;
        }
      }
    }
  }
  FAIL() << "the test is not mapped";
}

TEST(ElfImage, FindsSectionsAndTheirBytes) {
  const auto image = ElfImage::open(own_binary());
  ASSERT_TRUE(image.has_value());
  ASSERT_TRUE(image->find_section(".rodata").has_value());
  EXPECT_NE(image->section_bytes(".rodata", 64 << 20).find("here"), std::string::npos);
  EXPECT_EQ(image->section_bytes(".rodata", 3).size(), 3);
  EXPECT_FALSE(image->find_section(".no-such-section").has_value());
  EXPECT_EQ(image->section_bytes(".no-such-section", 3), "");
  EXPECT_FALSE(image->find_symbol("no_such_symbol").has_value());
}

TEST(ElfImage, WhatIsNoElfFileIsNone) {
  EXPECT_FALSE(ElfImage::open({}).has_value());
  EXPECT_FALSE(ElfImage::open(file_of("")).has_value());
  EXPECT_FALSE(ElfImage::open(file_of("#!/bin/sh\n")).has_value());
  EXPECT_FALSE(ElfImage::open(file_of("\x7F"
                                      "ELF"))
                   .has_value());
  EXPECT_FALSE(ElfImage::open(UniqueFd(::open("/", O_RDONLY | O_CLOEXEC))).has_value());
}

// Whatever a damaged file says, looking through it ends.
TEST(ElfImage, DamagedFilesAreSurvived) {
  std::ifstream file("/proc/self/exe", std::ios::binary);
  std::string head(1 << 16, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  std::minstd_rand random(1);
  for (int round = 0; round < 300; ++round) {
    std::string bytes = head.substr(0, random() % head.size());
    for (int i = 0; i < 20 && bytes.size() > 64; ++i) {
      // Mostly the headers, which stand first.
      bytes[16 + random() % (i % 2 == 0 ? 48 : bytes.size() - 16)] = static_cast<char>(random());
    }
    if (const auto image = ElfImage::open(file_of(bytes))) {
      (void)image->find_symbol("_PyRuntime");
      (void)image->section_bytes(".rodata", 1 << 20);
      (void)image->first_load();
    }
  }
}

}  // namespace
}  // namespace lancehead::target
