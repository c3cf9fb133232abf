#include "base/hash.h"

#include <xxhash.h>

#include <new>

namespace lancehead {
namespace {

ContentHash to_content_hash(XXH128_hash_t hash) {
  XXH128_canonical_t canonical{};
  XXH128_canonicalFromHash(&canonical, hash);
  ContentHash result;
  for (std::size_t i = 0; i < result.bytes.size(); ++i) {
    result.bytes[i] = static_cast<std::byte>(canonical.digest[i]);
  }
  return result;
}

}  // namespace

void Hasher::Free::operator()(XXH3_state_s* state) const {
  XXH3_freeState(state);
}

// A state that is reset for 128 bits also yields the 64-bit hash: both run over the same lanes.
Hasher::Hasher() : state_(XXH3_createState()) {
  if (!state_) {
    throw std::bad_alloc();
  }
  XXH3_128bits_reset(state_.get());
}

void Hasher::update(std::span<const std::byte> data) {
  XXH3_128bits_update(state_.get(), data.data(), data.size());
}

std::uint64_t Hasher::checksum() const {
  return XXH3_64bits_digest(state_.get());
}
ContentHash Hasher::content_hash() const {
  return to_content_hash(XXH3_128bits_digest(state_.get()));
}

std::uint64_t checksum(std::span<const std::byte> data) {
  return XXH3_64bits(data.data(), data.size());
}

ContentHash content_hash(std::span<const std::byte> data) {
  return to_content_hash(XXH3_128bits(data.data(), data.size()));
}

}  // namespace lancehead
