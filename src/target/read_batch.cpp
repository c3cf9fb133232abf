#include "target/read_batch.h"

#include <algorithm>

namespace lancehead::target {

ReadBatch::Slot ReadBatch::add(Address from, std::size_t bytes) {
  places_.push_back({from, size_, bytes});
  size_ += bytes;
  return static_cast<Slot>(places_.size() - 1);
}

void ReadBatch::prepare() {
  if (buffer_.size() < size_) {
    buffer_.resize(size_);
  }
  if (requests_.size() != places_.size() || whole_ == 0) {
    requests_.clear();
    for (const Place& place : places_) {
      requests_.push_back({place.from, std::span(buffer_).subspan(place.at, place.size)});
    }
  }
  whole_ = 0;
}

Faulty<void> ReadBatch::read(Memory& memory, ReadBatch& rider) {
  if (places_.size() + rider.places_.size() > Memory::kMostRequests) {
    const Faulty<void> done = read(memory);
    return done ? rider.read(memory) : done;
  }
  prepare();
  rider.prepare();
  together_.assign(requests_.begin(), requests_.end());
  together_.insert(together_.end(), rider.requests_.begin(), rider.requests_.end());
  const Faulty<std::size_t> read = memory.read_many(together_);
  if (!read) {
    return std::unexpected(read.error());
  }
  note_read(*read);
  rider.note_read(*read > places_.size() ? *read - places_.size() : 0);
  return {};
}

Faulty<void> ReadBatch::read(Memory& memory) {
  prepare();
  while (whole_ < requests_.size()) {
    const std::size_t count = std::min(requests_.size() - whole_, Memory::kMostRequests);
    const Faulty<std::size_t> read = memory.read_many(std::span(requests_).subspan(whole_, count));
    if (!read) {
      return std::unexpected(read.error());
    }
    whole_ += *read;
    if (*read < count) {
      break;
    }
  }
  return {};
}

}  // namespace lancehead::target
