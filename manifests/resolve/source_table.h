// SourceTable: which files a resolved manifest reads, and where each is named; for `ndcat show` and for log
// lines.
//
// 100 000 sources are usual, so an entry is 40 bytes and the bytes of its path: places are put together only
// when asked for. A value type; const access is thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/algebra/piece.h"
#include "core/index.h"
#include "manifests/problem.h"

namespace ndcat {

/// One source; the texts are views into the table and live as long as it does, unchanged.
struct SourceUse {
  SourceId id = 0;        // in the probe's table
  std::string_view path;  // as resolved from the manifest: what the probe was asked for
  std::string_view
      manifest;  // the manifest that names it, as problems call it (another one when manifests are nested)
  Index array_begin = 0;  // byte of the source where its array begins: the length of its header, or "offset"
};

class SourceTable {
 public:
  /// Where sources are named: one list of a manifest, or one expression outside a list.
  using Origin = std::uint32_t;
  static constexpr std::uint32_t kNoIndex = 0xFFFFFFFF;

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  /// Cheap: no allocation. Precondition: i < size().
  [[nodiscard]] SourceUse operator[](std::size_t i) const;
  /// The place in `manifest` where it is named: of the string, of the object, or of the glob that it matches.
  [[nodiscard]] Place place(std::size_t i) const;

  class Iterator {
   public:
    Iterator(const SourceTable* table, std::size_t i) : table_(table), i_(i) {}
    SourceUse operator*() const { return (*table_)[i_]; }
    Iterator& operator++() { return ++i_, *this; }
    bool operator==(const Iterator&) const = default;

   private:
    const SourceTable* table_;
    std::size_t i_;
  };
  [[nodiscard]] Iterator begin() const { return {this, 0}; }
  [[nodiscard]] Iterator end() const { return {this, size()}; }

  Origin add_origin(std::string manifest, std::string pointer);
  /// Appends a source; its position in the table. `index` is that in the list which `origin` stands for, or
  /// kNoIndex.
  SourceId add(SourceId id, std::string_view path, Index array_begin, Origin origin, std::uint32_t index,
               int line, int column);
  void shrink_to_fit();

 private:
  struct OriginText {
    std::string manifest, pointer;
  };
  struct Entry {
    std::size_t path_begin;  // in paths_; it ends where the next one's begins
    Index array_begin;
    SourceId id;
    Origin origin;
    std::uint32_t index;
    std::int32_t line, column;
  };
  std::vector<Entry> entries_;
  std::vector<OriginText> origins_;
  std::string paths_;
};

}  // namespace ndcat
