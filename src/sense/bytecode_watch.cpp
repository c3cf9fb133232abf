#include "sense/bytecode_watch.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/hash.h"
#include "code/instructions.h"

namespace lancehead::sense {
namespace {

using target::Address;

constexpr Nanoseconds kLongestPause = std::chrono::seconds(5);
constexpr std::uint64_t kMostUnits = 1U << 16U;

std::span<const std::uint8_t> as_bytes_of_code(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

}  // namespace

std::vector<BytecodeWatch::Hot> BytecodeWatch::choose_hottest() {
  std::vector<std::pair<std::uint32_t, std::uint64_t>> by_hits;
  by_hits.reserve(hits_.size());
  for (const auto& [address, hits] : hits_) {
    by_hits.emplace_back(hits, address);
  }
  const std::size_t count = std::min(kMostCodes, by_hits.size());
  std::ranges::partial_sort(by_hits, by_hits.begin() + static_cast<std::ptrdiff_t>(count),
                            std::greater<>());
  std::vector<Hot> hottest;
  for (const auto& [hits, address] : std::span(by_hits).first(count)) {
    const auto known = codes_.known({address});
    if (known && known->identity.size > 0 && known->identity.size <= kMostUnits) {
      hottest.push_back({.code = *known, .address = {address}});
    }
  }
  // What was hot long ago shall give way.
  for (auto& [address, hits] : hits_) {
    hits /= 2;
  }
  std::erase_if(hits_, [](const auto& entry) { return entry.second == 0; });
  return hottest;
}

void BytecodeWatch::look(Nanoseconds now) {
  if (opcodes_ == nullptr || now < due_) {
    return;
  }
  due_ = now + pause_;
  pause_ = std::min(pause_ * 2, kLongestPause);
  std::vector<Hot> hottest = choose_hottest();
  batch_.clear();
  for (Hot& hot : hottest) {
    hot.head = batch_.add(hot.address, python::kCodeHead);
    hot.name = batch_.add(hot.code.identity.name, python::kNameHead);
    hot.bytecode = batch_.add(hot.address + layout_.code.bytecode.bytes,
                              static_cast<std::size_t>(hot.code.identity.size) * 2);
  }
  if (hottest.empty() || !batch_.read(memory_)) {
    return;
  }
  for (const Hot& hot : hottest) {
    if (!batch_.is_read(hot.bytecode)) {
      return;  // freed and given back; the next look reads the others
    }
    take(hot, now);
  }
}

void BytecodeWatch::take(const Hot& hot, Nanoseconds now) {
  const auto identity =
      python::decode_code_identity(layout_, batch_.bytes(hot.head), batch_.bytes(hot.name));
  if (identity != hot.code.identity) {
    return;
  }
  const std::span<const std::byte> bytecode = batch_.bytes(hot.bytecode);
  const std::uint64_t shape = shape_of(bytecode);
  const auto [written, is_first] = shapes_.try_emplace(hot.code.id.value, shape);
  if (!is_first && std::exchange(written->second, shape) == shape) {
    return;
  }
  const std::string_view text = as_text(bytecode);
  log_.append(schema::BytecodeStateRow{
      .time = log_.time_of(now),
      .code = hot.code.id,
      .bytecode = hot.code.stand_in == nullptr ? std::string(text)
                                               : hot.code.stand_in->restored(text)});
}

std::uint64_t BytecodeWatch::shape_of(std::span<const std::byte> bytecode) const {
  std::vector<std::byte> shape;
  code::InstructionReader reader(*opcodes_, as_bytes_of_code(bytecode));
  while (const auto instruction = reader.next()) {
    shape.push_back(static_cast<std::byte>(instruction->opcode));
  }
  return checksum(shape);
}

}  // namespace lancehead::sense
