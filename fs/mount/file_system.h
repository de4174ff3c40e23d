// FileSystem: what each question of the kernel means for a Catalog. The operations of a file system whose
// folders are looked at afresh each time, and whose files never change but for what is written through those
// that have a SnapshotWriter.
//
// Thread-safe; lives as long as the session. Whatever may touch a disk runs behind a bulkhead, see
// bulkhead.h.
#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/index.h"
#include "fs/files/catalog.h"
#include "fs/files/mechanisms.h"
#include "fs/mount/append_intents.h"
#include "fs/mount/append_nodes.h"
#include "fs/mount/backing_ids.h"
#include "fs/mount/baseline_trimmer.h"
#include "fs/mount/bulkhead.h"
#include "fs/mount/failure_log.h"
#include "fs/mount/followed_files.h"
#include "fs/mount/inodes.h"
#include "fs/mount/listings.h"
#include "fs/mount/open_files.h"
#include "fs/mount/outrider.h"
#include "fs/mount/page_dropper.h"
#include "fs/mount/page_inspector.h"
#include "fs/mount/page_pusher.h"
#include "fs/mount/predicting.h"
#include "fs/mount/read_buffers.h"
#include "fs/mount/request.h"
#include "fs/mount/turnstile.h"

namespace ndcat {

/// Where the manifests are, to spell the path of one: the mounted folder or the one mounted manifest.
struct ManifestRoot {
  std::string path;
  bool is_folder = true;
};

struct ServingOptions {
  int max_threads = 1;  // that may call at once; none of the places that can hang gets all of them
  std::optional<int> reads_at_once;  // those not counted that wait for a disk; nothing: as many as come
  bool direct = false;               // reads go past the kernel's page cache
  std::size_t buffer_memory = std::size_t{16} << 20;  // that may be kept between requests
  Use predictor = Use::automatic;
};

class FileSystem {
 public:
  /// `catalog` outlives this object.
  FileSystem(Catalog& catalog, ManifestRoot root, const ServingOptions& options);

  /// From now on pages are read ahead of readers of columns, by an outrider for the mount at `mountpoint`.
  /// Call once, before the first request.
  void begin_pushing(const std::string& mountpoint, const KernelsView& mount);
  /// Call it while reads can still be answered. No read is held back any more.
  void end_pushing() { pusher_.stop(); }

  void lookup(Request request, InodeNumber parent, const std::string& name);
  void forget(InodeNumber number, std::uint64_t count) { inodes_.forget(number, count); }
  void get_attributes(Request request, InodeNumber number);
  void access(Request request, InodeNumber number, int mask);
  void open(Request request, InodeNumber number, fuse_file_info file);
  void read(Request request, InodeNumber number, std::size_t size, Index offset, fuse_file_info file);
  /// `bytes` are read before it returns. `file.writepage`: they are pages of maps, to be compared.
  void write(Request request, InodeNumber number, std::span<const std::byte> bytes, Index offset,
             fuse_file_info file);
  /// What pages hold for which the kernel was asked.
  void retrieved(PageInspector::Ticket ticket, std::span<const std::byte> shown) {
    inspector_.retrieved(ticket, shown);
  }
  void sync(Request request, InodeNumber number, bool only_data, fuse_file_info file);
  void flush(Request request, fuse_file_info file);
  void release(Request request, InodeNumber number, fuse_file_info file);
  /// Of setattr: files keep their sizes, which may be said.
  void set_size(Request request, InodeNumber number, Index size);
  void seek(Request request, InodeNumber number, Index offset, int whence);
  void open_folder(Request request, InodeNumber number, fuse_file_info file);
  /// `with_attributes`: READDIRPLUS, which counts as a lookup of every name it gives.
  void read_folder(Request request, InodeNumber number, Listings::Handle handle, std::size_t size,
                   Index offset, bool with_attributes);
  void close_folder(Request request, Listings::Handle handle);
  void get_extended_attribute(Request request, InodeNumber number, const std::string& name, std::size_t size);
  void list_extended_attributes(Request request, InodeNumber number, std::size_t size);
  /// The kernel may read by itself what is one source byte for byte. Call it before the first open().
  void allow_passthrough() { passthrough_ = true; }
  /// Gives back memory that nobody has used for a while.
  void trim();

  /// When the mount exists, at `mountpoint`, with the ways to make its kernel drop pages and tell of them;
  /// and when it is gone. Call connect() before a file is opened for writing.
  void connect(const std::string& mountpoint, std::uint64_t device, const PageDropper::Notify& drop,
               PageInspector::Retrieve retrieve);
  void disconnect();

 private:
  /// For an open(), with what open_backing_file() gave: lets the kernel read it if there is such a source.
  /// False when the request was answered meanwhile; else release_backing(), or backing_ids_.release(), must
  /// follow.
  [[nodiscard]] bool pass_through(Request& request, const Node& node, const Descriptor& source,
                                  fuse_file_info& file);
  void release_backing(Request request, InodeNumber number);
  /// `source`: as above.
  void answer_open(Request request, const Node& node, const Descriptor& source, fuse_file_info file);
  void answer_read(Request request, const NodeReference& node, std::size_t size, Index offset,
                   const fuse_file_info& file, const std::optional<Push>& push);
  [[nodiscard]] bool is_from_outrider(const Request& request) const;
  [[nodiscard]] bool is_from_dropper(const Request& request) const;
  void look_up_for_outrider(Request request, const NodeReference& target);
  void drop_pages(InodeNumber number, const GiveUp& what);
  [[nodiscard]] bool is_being_written(InodeNumber number) const;
  void open_for_dropper(Request request, const Node& node, fuse_file_info file);
  void open_for_writing(Request request, NodeReference node, fuse_file_info file);
  [[nodiscard]] static bool wants_to_append(const Node& node, const fuse_file_info& file);
  void open_for_appending(Request request, NodeReference node, fuse_file_info file);
  void open_tail(Request request, const NodeReference& node, fuse_file_info file, pid_t thread);
  void append(Request request, const OpenFile& opened, const fuse_file_info& file,
              std::span<const std::byte> bytes, SeenFailures& seen);
  /// A lookup, counted, by somebody who is about to append to what `fresh` describes.
  std::variant<fuse_entry_param, int> enter_for_appending(Node fresh, const std::string& name);
  /// Of an inode that is for appending, whose size changes. `size`: only if it is that (EPERM).
  void attributes_for_appending(Request request, NodeReference node, std::optional<Index> size = {});
  void read_with_tail(Request request, const Node& node, Index offset, std::span<std::byte> room);
  struct WriteJob;
  /// Copies the bytes to a buffer, if they are not yet in one; false when there is no memory.
  [[nodiscard]] bool keep_bytes(PageInspector::HeldWrite& write);
  void do_write(PageInspector::HeldWrite write, const fuse_file_info& file);
  std::optional<ReadFailure> write_pages(const Node& node, Index offset, std::span<const std::byte> bytes);
  /// `baseline`: null for what goes past the cache. What is not certain of the pages afterwards.
  PageBaseline::Doubt write_bytes(PageInspector::HeldWrite& write, PageBaseline* baseline);
  void answer_write(PageInspector::HeldWrite write);
  /// Answers, and has parts dropped that may show something older.
  void end_write_through_cache(PageInspector::HeldWrite write,
                               const std::vector<PageInspector::Part>& unseen);
  /// Where what is answered to a read is to be remembered; null: nowhere.
  [[nodiscard]] std::shared_ptr<PageBaseline> baseline_of_reads(const Node& node,
                                                                const fuse_file_info& file) const;
  /// Logs a failure and answers it.
  void report(Request request, const ReadFailure& failure);
  [[nodiscard]] static Bulkhead::Lane lane_of(const Node& file);
  /// Seconds for which the kernel need not ask again.
  [[nodiscard]] static double attributes_valid(const Node& file);
  [[nodiscard]] static fuse_entry_param file_entry(const Node& file);
  /// The kernel's view of one name, its lookup counted; ENOENT and the like as an errno value.
  std::variant<fuse_entry_param, int> enter(const std::string& folder, const CatalogEntry& entry,
                                            bool is_for_appending = false);
  [[nodiscard]] std::string manifest_path(const std::string& folder, const std::string& name) const;
  void answer_folder(Request request, const Node& folder, const Listing& listing, std::size_t size,
                     Index offset);
  void answer_folder_plus(Request request, const Node& folder, const Listing& listing, std::size_t size,
                          Index offset);
  [[nodiscard]] InodeNumber parent_number(const std::string& folder);

  Catalog& catalog_;
  const ManifestRoot root_;
  const bool direct_;
  std::atomic<bool> passthrough_ = false;
  const Use predictor_;
  FailureLog failures_;
  ReadBuffers buffers_;
  InodeTable inodes_;
  Listings listings_;
  OpenFiles open_files_;
  AppendIntents intents_;
  AppendNodes append_nodes_;
  std::optional<PageDropper> dropper_;
  BaselineTrimmer trimmer_;
  PageInspector inspector_;
  BackingIds backing_ids_;
  KernelsView mount_;
  FollowedFiles followed_files_;
  std::optional<Outrider> outrider_;
  PagePusher pusher_;
  Bulkhead questions_;  // to the catalog; a lane for each name
  Bulkhead reads_;      // and writes; a lane for each set of devices that a virtual file's sources live on
  std::optional<Turnstile> turnstile_;  // of the reads that have a place in their lane
};

}  // namespace ndcat
