#include "fs/files/header_index.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <tuple>

namespace ndcat {
namespace {

// Numbers are written as they lie in memory, as only this machine's kind reads them; the mark shows their
// order.
constexpr std::string_view kMagic = "ndcat headers 1\n";
constexpr std::uint64_t kByteOrderMark = 0x0102030405060708;
constexpr std::size_t kNumbersOfEntry = 10;
constexpr std::size_t kBytesOfEntry = kNumbersOfEntry * sizeof(std::uint64_t);

auto place(const FileIdentity& identity) { return std::tie(identity.device, identity.inode); }

/// FNV-1a over words of eight bytes, the last one filled up with zeros: enough to see a file that was cut
/// short or damaged.
std::uint64_t checksum(std::string_view bytes) {
  std::uint64_t sum = 0xCBF29CE484222325;
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, std::min(sizeof word, bytes.size() - at));
    sum = (sum ^ word) * 0x100000001B3;
    sum ^= sum >> 29;
  }
  return sum;
}

void put(std::string& out, std::uint64_t number) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

/// Takes numbers and texts off the front of `bytes`; `failed` once there is too little.
struct Input {
  std::string_view bytes;
  bool failed = false;

  std::uint64_t number() {
    std::uint64_t value = 0;
    const std::string_view text = take(sizeof value);
    if (!failed) std::memcpy(&value, text.data(), sizeof value);
    return value;
  }
  std::uint32_t small_number() {
    const std::uint64_t value = number();
    failed = failed || value > std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(value);
  }
  std::string_view take(std::uint64_t length) {
    failed = failed || length > bytes.size();
    if (failed) return {};
    const std::string_view taken = bytes.substr(0, static_cast<std::size_t>(length));
    bytes.remove_prefix(taken.size());
    return taken;
  }
};

FileIdentity identity_from(Input& in) {
  FileIdentity identity;
  identity.device = in.number();
  identity.inode = in.number();
  identity.size = static_cast<Index>(in.number());
  identity.modified = static_cast<Nanoseconds>(in.number());
  identity.changed = static_cast<Nanoseconds>(in.number());
  identity.born = static_cast<Nanoseconds>(in.number());
  identity.mode = in.small_number();
  identity.uid = in.small_number();
  identity.gid = in.small_number();
  return identity;
}

void put(std::string& out, const FileIdentity& identity) {
  put(out, identity.device);
  put(out, identity.inode);
  put(out, static_cast<std::uint64_t>(identity.size));
  put(out, static_cast<std::uint64_t>(identity.modified));
  put(out, static_cast<std::uint64_t>(identity.changed));
  put(out, static_cast<std::uint64_t>(identity.born));
  put(out, std::uint64_t{identity.mode});
  put(out, std::uint64_t{identity.uid});
  put(out, std::uint64_t{identity.gid});
}

}  // namespace

void HeaderIndex::add(const FileIdentity& identity, std::string_view header) {
  const auto [number, is_new] =
      header_numbers_.try_emplace(std::string(header), static_cast<std::uint32_t>(headers_.size()));
  if (is_new) headers_.emplace_back(header);
  entries_.push_back({identity, number->second});
}

void HeaderIndex::finish() {
  header_numbers_.clear();
  // The entry with a header comes first, and stays.
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    return std::tuple(place(a.identity), a.header == 0) < std::tuple(place(b.identity), b.header == 0);
  });
  const auto same_place = [](const Entry& a, const Entry& b) {
    return place(a.identity) == place(b.identity);
  };
  entries_.erase(std::unique(entries_.begin(), entries_.end(), same_place), entries_.end());
  entries_.shrink_to_fit();
}

std::optional<std::string_view> HeaderIndex::find(const FileIdentity& identity, Index head_bytes) const {
  const auto found = std::lower_bound(
      entries_.begin(), entries_.end(), identity,
      [](const Entry& entry, const FileIdentity& wanted) { return place(entry.identity) < place(wanted); });
  if (found == entries_.end() || found->identity != identity) return std::nullopt;
  if (head_bytes == 0) return std::string_view{};
  if (found->header == 0) return std::nullopt;
  return std::string_view(headers_[found->header]).substr(0, static_cast<std::size_t>(head_bytes));
}

std::string HeaderIndex::serialize() const {
  std::string body;
  body.reserve(entries_.size() * kBytesOfEntry);
  put(body, entries_.size());
  put(body, headers_.size());
  for (const Entry& entry : entries_) {
    put(body, entry.identity);
    put(body, std::uint64_t{entry.header});
  }
  for (const std::string& header : headers_) {
    put(body, header.size());
    body += header;
  }
  return seal(body);
}

std::string HeaderIndex::seal(std::string_view body) {
  std::string bytes(kMagic);
  put(bytes, kByteOrderMark);
  put(bytes, checksum(body));
  return bytes.append(body);
}

std::optional<HeaderIndex> HeaderIndex::parse(std::string_view bytes) {
  Input in{bytes};
  if (in.take(kMagic.size()) != kMagic || in.number() != kByteOrderMark) return std::nullopt;
  const std::uint64_t sum = in.number();
  if (in.failed || checksum(in.bytes) != sum) return std::nullopt;
  // A checksum can be made to fit; so nothing below trusts what it reads.
  const std::uint64_t entries = in.number(), headers = in.number();
  if (in.failed || entries > in.bytes.size() / kBytesOfEntry || headers == 0 || headers > in.bytes.size()) {
    return std::nullopt;
  }
  HeaderIndex index;
  index.header_numbers_.clear();
  index.entries_.reserve(static_cast<std::size_t>(entries));
  for (std::uint64_t i = 0; i < entries; ++i) {
    const FileIdentity identity = identity_from(in);
    const std::uint64_t header = in.number();
    const bool in_order = index.entries_.empty() || place(index.entries_.back().identity) < place(identity);
    if (in.failed || header >= headers || !in_order) return std::nullopt;
    index.entries_.push_back({identity, static_cast<std::uint32_t>(header)});
  }
  index.headers_.clear();
  for (std::uint64_t i = 0; i < headers; ++i) index.headers_.emplace_back(in.take(in.number()));
  if (in.failed || !in.bytes.empty() || !index.headers_.front().empty()) return std::nullopt;
  return index;
}

}  // namespace ndcat
