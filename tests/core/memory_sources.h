// MemorySources: sources that are vectors, lent out in spans as short as a test likes.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "core/reading/source_bytes.h"

namespace ndcat::testing {

using Bytes = std::vector<std::byte>;

/// Every span is a fresh copy of exactly the bytes that were asked for, so that a sanitizer sees whoever
/// reads beyond.
class MemorySources : public SourceBytes {
 public:
  SourceId add(Bytes bytes) {
    sources_.push_back(std::move(bytes));
    return static_cast<SourceId>(sources_.size() - 1);
  }
  [[nodiscard]] Index size(SourceId source) const { return static_cast<Index>(sources_[source].size()); }
  [[nodiscard]] const Bytes& all_of(SourceId source) const { return sources_[source]; }
  void set_longest_span(Index length) { longest_span_ = length; }
  void fail(SourceId source) { failing_ = source; }

  Index longest_span(SourceId) override { return longest_span_; }
  const std::byte* bytes(SourceId source, SourceOffset offset, Index length) override {
    const Index begin = static_cast<Index>(offset);
    if (length <= 0 || length > longest_span_ || begin < 0 || begin > size(source) - length) {
      broken_promises_ += 1;
      return nullptr;
    }
    if (source == failing_) return nullptr;
    const auto size = static_cast<std::size_t>(length);
    lent_ = std::make_unique<std::byte[]>(size);
    std::memcpy(lent_.get(), sources_[source].data() + begin, size);
    return lent_.get();
  }
  /// Calls that broke the precondition of bytes().
  [[nodiscard]] int broken_promises() const { return broken_promises_; }

 private:
  std::vector<Bytes> sources_;
  std::unique_ptr<std::byte[]> lent_;
  Index longest_span_ = 1 << 20;
  SourceId failing_ = kFill;
  int broken_promises_ = 0;
};

}  // namespace ndcat::testing
