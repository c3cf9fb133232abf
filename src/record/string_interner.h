// Gives each text its row in the `strings` of a recording, once.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "record/writer.h"
#include "schema/tables.h"

namespace lancehead::record {

class StringInterner {
 public:
  // `writer` outlives the interner, and nobody else appends to its `strings`.
  explicit StringInterner(Writer& writer) : writer_(writer) {}

  schema::StringId intern(std::string_view text) {
    const auto found = ids_.find(text);
    if (found != ids_.end()) {
      return found->second;
    }
    const schema::StringId id = writer_.append(schema::StringRow{.text = text});
    ids_.emplace(text, id);
    return id;
  }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  Writer& writer_;
  std::unordered_map<std::string, schema::StringId, Hash, std::equal_to<>> ids_;
};

}  // namespace lancehead::record
