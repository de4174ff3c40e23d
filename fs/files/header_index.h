// HeaderIndex: what files were found to begin with, so that files which have not changed since need not be
// opened to be known. For data sets of very many sources: looking at a file's times costs a tenth of opening
// and reading it, and on a cold or distant disk far less.
//
// An entry holds for one identity: device, inode, size, all times, owner and permissions. A file that was
// written to, replaced or merely touched since has another one and is looked at afresh.
//
// A value; filled by one thread, then const access is thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "fs/files/file_identity.h"

namespace ndcat {

class HeaderIndex {
 public:
  /// `header`: the whole NumPy header that the file begins with, or empty when it was opened without being
  /// read (its description stands in the manifest). Of two entries of one file the one with a header counts.
  void add(const FileIdentity& identity, std::string_view header);
  /// No more will be added.
  void finish();

  /// What source() of a Probe would find the file to begin with, at most `head_bytes` long, but no more than
  /// the header; nothing when that is not known. Call after finish().
  [[nodiscard]] std::optional<std::string_view> find(const FileIdentity& identity, Index head_bytes) const;
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

  /// For a file of the index. Equal indices give equal bytes. Call after finish().
  [[nodiscard]] std::string serialize() const;
  /// Nothing for bytes that are not, whole and undamaged, what serialize() of this version on a machine of
  /// this kind has written.
  static std::optional<HeaderIndex> parse(std::string_view bytes);
  /// `body` with what goes before it: version, byte order and checksum. (A fuzzer wants to get past them.)
  static std::string seal(std::string_view body);

 private:
  struct Entry {
    FileIdentity identity;
    std::uint32_t header = 0;  // in headers_
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  std::vector<Entry> entries_;               // after finish(): by device and inode, each once
  std::vector<std::string> headers_ = {""};  // distinct; the first is none: data sets have few
  std::unordered_map<std::string, std::uint32_t> header_numbers_ = {{"", 0}};
};

}  // namespace ndcat
