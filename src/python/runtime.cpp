#include "python/runtime.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "python/debug_offsets.h"
#include "python/version_text.h"
#include "target/elf_image.h"
#include "target/mapped_file.h"

namespace lancehead::python {
namespace {

using target::Address;
using target::ElfImage;
using target::Mapping;

// How far the image of `mapping`'s file was moved from where it was linked.
std::optional<std::uint64_t> load_bias(const std::vector<Mapping>& maps, const Mapping& mapping,
                                       const ElfImage& image) {
  const auto first = image.first_load();
  if (!first) {
    return std::nullopt;
  }
  // A file can be mapped more than once (libffi maps its own binary again): the image proper is
  // the one whose first segment is mapped at the file offset that its header says.
  const auto begin = std::ranges::find_if(maps, [&](const Mapping& candidate) {
    return candidate.inode == mapping.inode && candidate.device == mapping.device &&
           candidate.file_offset == first->file_offset;
  });
  if (begin == maps.end()) {
    return std::nullopt;
  }
  return begin->start.value - first->address;
}

std::optional<std::uint64_t> linked_runtime_address(const ElfImage& image) {
  if (const auto symbol = image.find_symbol("_PyRuntime")) {
    return symbol->address;
  }
  if (const auto section = image.find_section(".PyRuntime")) {
    return section->address;
  }
  return std::nullopt;
}

// The version of a runtime without debug offsets.
std::optional<code::PythonVersion> find_version(target::Memory& memory, const ElfImage& image,
                                                std::uint64_t bias, std::string_view path) {
  if (const auto symbol = image.find_symbol("Py_Version")) {
    if (const auto hex = memory.read_value<std::uint32_t>({symbol->address + bias})) {
      return code::PythonVersion::from_hex(*hex);
    }
  }
  constexpr std::size_t kMostReadOnlyData = 16U << 20U;
  return find_version_text(image.section_bytes(".rodata", kMostReadOnlyData), path);
}

// "2.7" of a path like ".../libpython2.7.so"; empty where it says nothing.
std::string version_in_path(std::string_view path) {
  constexpr std::string_view kName = "python";
  const std::size_t name = path.rfind(kName);
  if (name == std::string_view::npos) {
    return {};
  }
  path.remove_prefix(name + kName.size());
  return std::string(path.substr(0, std::min(path.find_first_not_of("0123456789."), path.size())));
}

// An interpreter older than 3.7 has no _PyRuntime.
std::optional<UnsupportedRuntime> find_old_python(const ElfImage& image, const Mapping& mapping) {
  if (!image.find_symbol("Py_Initialize")) {
    return std::nullopt;
  }
  std::string version = version_in_path(mapping.path);
  while (version.ends_with('.')) {
    version.pop_back();  // of the ending ".so"
  }
  return UnsupportedRuntime{mapping.path, version};
}

bool may_hold_python(const Mapping& mapping) {
  return mapping.inode != 0 && mapping.executable && !mapping.path.empty();
}

// Whether the loader has got as far as mapping the data in which the runtime stands.
bool is_mapped(const std::vector<Mapping>& maps, Address address) {
  return std::ranges::any_of(maps, [&](const Mapping& mapping) {
    return mapping.readable && mapping.writable && mapping.contains(address);
  });
}

}  // namespace

void RuntimeFinder::examine(const std::vector<Mapping>& maps, const Mapping& mapping,
                            RuntimeSearch& search) {
  const auto image = ElfImage::open(target::open_mapped_file(pid_, mapping));
  const auto linked = image ? linked_runtime_address(*image) : std::nullopt;
  if (image && !linked) {
    if (auto old = find_old_python(*image, mapping)) {
      search.unsupported = std::move(old);
    }
  }
  const auto bias = linked ? load_bias(maps, mapping, *image) : std::nullopt;
  if (!bias) {
    return;
  }
  const Address address{*linked + *bias};
  if (!is_mapped(maps, address)) {
    examined_.erase({mapping.device, mapping.inode});
    return;
  }
  if (const auto described = read_debug_offsets(memory_, address)) {
    search.found = Runtime{address, described->layout, mapping.path, described->warning};
    return;
  }
  const auto version = find_version(memory_, *image, *bias, mapping.path);
  const Layout* layout = version ? find_known_layout(*version, false) : nullptr;
  if (layout == nullptr || version->at_least(13)) {
    search.unsupported = UnsupportedRuntime{
        mapping.path, version
                          ? fmt::format("{}.{}.{}", version->major, version->minor, version->micro)
                          : std::string()};
    return;
  }
  search.found = Runtime{address, *layout, mapping.path, {}};
  search.found->layout.version = *version;
}

Faulty<RuntimeSearch> RuntimeFinder::search() {
  const auto maps = target::read_maps(pid_);
  if (!maps) {
    return std::unexpected(maps.error());
  }
  RuntimeSearch search;
  for (const Mapping& mapping : *maps) {
    if (may_hold_python(mapping) && examined_.emplace(mapping.device, mapping.inode).second) {
      examine(*maps, mapping, search);
      if (search.found) {
        break;
      }
    }
  }
  return search;
}

Faulty<RuntimeSearch> RuntimeFinder::search_thoroughly() {
  Faulty<RuntimeSearch> search = this->search();
  const auto maps = target::read_maps(pid_);
  if (!search || search->found || !maps) {
    return search;
  }
  constexpr std::string_view kCookie = "xdebugpy";
  constexpr std::uint64_t kMostScanned = 64U << 20U;
  std::vector<std::byte> block;
  for (const Mapping& mapping : *maps) {
    if (!mapping.writable || !mapping.readable || mapping.size() > kMostScanned) {
      continue;
    }
    block.resize(mapping.size());
    if (!memory_.read(mapping.start, block)) {
      continue;
    }
    const std::string_view text(reinterpret_cast<const char*>(block.data()), block.size());
    for (std::size_t at = text.find(kCookie); at != std::string_view::npos;
         at = text.find(kCookie, at + 1)) {
      if (const auto described = read_debug_offsets(memory_, mapping.start + at)) {
        search->found =
            Runtime{mapping.start + at, described->layout, mapping.path, described->warning};
        return search;
      }
    }
  }
  return search;
}

}  // namespace lancehead::python
