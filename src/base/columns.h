// Columns whose cells have no fixed size: byte strings, and lists.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lancehead {

// Byte strings end to end in one buffer. Views from operator[] last until the column changes.
class BlobColumn {
 public:
  [[nodiscard]] std::size_t size() const { return ends_.size(); }
  [[nodiscard]] bool empty() const { return ends_.empty(); }
  // All bytes of all rows.
  [[nodiscard]] std::size_t byte_size() const { return bytes_.size(); }

  [[nodiscard]] std::string_view operator[](std::size_t row) const {
    const std::size_t begin = row == 0 ? 0 : ends_[row - 1];
    return std::string_view(bytes_).substr(begin, ends_[row] - begin);
  }

  void push_back(std::string_view value) {
    bytes_.append(value);
    ends_.push_back(bytes_.size());
  }

  void clear() { truncate(0); }

  // Keeps the first `rows` rows; there must be as many.
  void truncate(std::size_t rows) {
    ends_.resize(rows);
    bytes_.resize(rows == 0 ? 0 : ends_.back());
  }

 private:
  std::string bytes_;
  std::vector<std::size_t> ends_;
};

// Lists of `T` end to end. Views from operator[] last until the column changes.
template <typename T>
class ListColumn {
 public:
  [[nodiscard]] std::size_t size() const { return ends_.size(); }
  [[nodiscard]] bool empty() const { return ends_.empty(); }
  // All items of all rows, in order.
  [[nodiscard]] std::span<const T> items() const { return items_; }
  [[nodiscard]] std::span<T> items() { return items_; }

  [[nodiscard]] std::span<const T> operator[](std::size_t row) const {
    const std::size_t begin = row == 0 ? 0 : ends_[row - 1];
    return std::span(items_).subspan(begin, ends_[row] - begin);
  }

  // The items of one row, to be changed in place.
  [[nodiscard]] std::span<T> cell(std::size_t row) {
    const std::size_t begin = row == 0 ? 0 : ends_[row - 1];
    return std::span(items_).subspan(begin, ends_[row] - begin);
  }

  void push_back(std::span<const T> value) {
    items_.insert(items_.end(), value.begin(), value.end());
    ends_.push_back(items_.size());
  }

  void clear() { truncate(0); }

  // Keeps the first `rows` rows; there must be as many.
  void truncate(std::size_t rows) {
    ends_.resize(rows);
    items_.resize(rows == 0 ? 0 : ends_.back());
  }

 private:
  std::vector<T> items_;
  std::vector<std::size_t> ends_;
};

}  // namespace lancehead
