#include "base/column_codec.h"

#include <algorithm>

namespace lancehead {

bool take_lengths(ByteReader& in, std::size_t rows, std::vector<std::size_t>& lengths) {
  // Every cell needs a byte for its length, and every item at least one for itself.
  if (rows > in.remaining()) {
    return false;
  }
  lengths.reserve(rows);
  std::size_t total = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    const std::uint64_t length = in.varint();
    if (!in.ok() || length > in.remaining() - std::min(total, in.remaining())) {
      return false;
    }
    total += static_cast<std::size_t>(length);
    lengths.push_back(static_cast<std::size_t>(length));
  }
  return total <= in.remaining();
}

void put_column(ByteWriter& out, const BlobColumn& column, std::size_t first, std::size_t last) {
  for (std::size_t row = first; row < last; ++row) {
    out.varint(column[row].size());
  }
  for (std::size_t row = first; row < last; ++row) {
    out.text(column[row]);
  }
}

bool take_column(ByteReader& in, BlobColumn& column, std::size_t rows) {
  std::vector<std::size_t> lengths;
  if (!take_lengths(in, rows, lengths)) {
    return false;
  }
  for (const std::size_t length : lengths) {
    column.push_back(as_text(in.bytes(length)));
  }
  return in.ok();
}

}  // namespace lancehead
