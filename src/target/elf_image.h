// What lancehead needs of an ELF file: where its symbols and sections land in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/unique_fd.h"

struct Elf;

namespace lancehead::target {

// A stretch of the image: `address` is virtual, as linked; `file_offset` is where its bytes stand.
struct ElfRange {
  std::uint64_t address = 0;
  std::uint64_t size = 0;
  std::uint64_t file_offset = 0;
};

class ElfImage {
 public:
  // Takes over the descriptor; nothing if it is not an ELF file of this machine's kind.
  [[nodiscard]] static std::optional<ElfImage> open(UniqueFd file);

  // A defined symbol of .dynsym (which `strip` keeps) or else of .symtab.
  [[nodiscard]] std::optional<ElfRange> find_symbol(std::string_view name) const;

  [[nodiscard]] std::optional<ElfRange> find_section(std::string_view name) const;

  // The bytes of a section as the file has them, at most `limit`.
  [[nodiscard]] std::string section_bytes(std::string_view name, std::size_t limit) const;

  // The lowest address of a PT_LOAD segment, rounded down to its page, and the file offset of that
  // page: the mapping that begins there tells how far the image was moved.
  [[nodiscard]] std::optional<ElfRange> first_load() const;

 private:
  struct ElfDeleter {
    void operator()(Elf* elf) const;
  };

  ElfImage(UniqueFd file, std::unique_ptr<Elf, ElfDeleter> elf)
      : file_(std::move(file)), elf_(std::move(elf)) {}

  UniqueFd file_;
  std::unique_ptr<Elf, ElfDeleter> elf_;
};

}  // namespace lancehead::target
