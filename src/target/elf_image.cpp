#include "target/elf_image.h"

#include <elf.h>
#include <gelf.h>
#include <libelf.h>
#include <unistd.h>

#include <algorithm>

namespace lancehead::target {
namespace {

#if defined(__x86_64__)
constexpr auto kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr auto kMachine = EM_AARCH64;
#endif

// Calls `visit(section, header)` until it returns true.
template <typename Visit>
void for_each_section(Elf* elf, Visit visit) {
  Elf_Scn* section = nullptr;
  while ((section = elf_nextscn(elf, section)) != nullptr) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) != nullptr && visit(section, header)) {
      return;
    }
  }
}

std::optional<ElfRange> find_symbol_in(Elf* elf, Elf_Scn* section, const GElf_Shdr& header,
                                       std::string_view name) {
  Elf_Data* data = elf_getdata(section, nullptr);
  if (data == nullptr || header.sh_entsize == 0) {
    return std::nullopt;
  }
  const auto count = static_cast<int>(header.sh_size / header.sh_entsize);
  for (int i = 0; i < count; ++i) {
    GElf_Sym symbol;
    if (gelf_getsym(data, i, &symbol) == nullptr || symbol.st_shndx == SHN_UNDEF) {
      continue;
    }
    const char* text = elf_strptr(elf, header.sh_link, symbol.st_name);
    if (text != nullptr && name == text) {
      return ElfRange{.address = symbol.st_value, .size = symbol.st_size};
    }
  }
  return std::nullopt;
}

}  // namespace

void ElfImage::ElfDeleter::operator()(Elf* elf) const {
  elf_end(elf);
}

std::optional<ElfImage> ElfImage::open(UniqueFd file) {
  if (!file || elf_version(EV_CURRENT) == EV_NONE) {
    return std::nullopt;
  }
  std::unique_ptr<Elf, ElfDeleter> elf(elf_begin(file.get(), ELF_C_READ_MMAP, nullptr));
  GElf_Ehdr header;
  if (!elf || elf_kind(elf.get()) != ELF_K_ELF || gelf_getehdr(elf.get(), &header) == nullptr ||
      header.e_machine != kMachine) {
    return std::nullopt;
  }
  return ElfImage(std::move(file), std::move(elf));
}

std::optional<ElfRange> ElfImage::find_symbol(std::string_view name) const {
  std::optional<ElfRange> found;
  for (const auto type : {SHT_DYNSYM, SHT_SYMTAB}) {
    for_each_section(elf_.get(), [&](Elf_Scn* section, const GElf_Shdr& header) {
      if (header.sh_type == static_cast<GElf_Word>(type)) {
        found = find_symbol_in(elf_.get(), section, header, name);
      }
      return found.has_value();
    });
    if (found) {
      break;
    }
  }
  return found;
}

std::optional<ElfRange> ElfImage::find_section(std::string_view name) const {
  std::size_t names = 0;
  if (elf_getshdrstrndx(elf_.get(), &names) != 0) {
    return std::nullopt;
  }
  std::optional<ElfRange> found;
  for_each_section(elf_.get(), [&](Elf_Scn*, const GElf_Shdr& header) {
    const char* text = elf_strptr(elf_.get(), names, header.sh_name);
    if (text != nullptr && name == text) {
      found = ElfRange{
          .address = header.sh_addr, .size = header.sh_size, .file_offset = header.sh_offset};
    }
    return found.has_value();
  });
  return found;
}

std::string ElfImage::section_bytes(std::string_view name, std::size_t limit) const {
  const std::optional<ElfRange> section = find_section(name);
  if (!section) {
    return {};
  }
  std::string bytes(std::min<std::size_t>(section->size, limit), '\0');
  const ssize_t count =
      ::pread(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(section->file_offset));
  bytes.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
  return bytes;
}

std::optional<ElfRange> ElfImage::first_load() const {
  std::size_t count = 0;
  if (elf_getphdrnum(elf_.get(), &count) != 0) {
    return std::nullopt;
  }
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  for (std::size_t i = 0; i < count; ++i) {
    GElf_Phdr header;
    if (gelf_getphdr(elf_.get(), static_cast<int>(i), &header) != nullptr &&
        header.p_type == PT_LOAD) {
      return ElfRange{.address = header.p_vaddr & ~(page - 1),
                      .size = header.p_memsz,
                      .file_offset = header.p_offset & ~(page - 1)};
    }
  }
  return std::nullopt;
}

}  // namespace lancehead::target
