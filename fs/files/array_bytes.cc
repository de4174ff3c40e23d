#include "fs/files/array_bytes.h"

#include <cerrno>
#include <cstring>

#include "core/reading/reader.h"
#include "fs/files/fault_guard.h"
#include "fs/files/source_reader.h"

namespace ndcat {
namespace {

/// One request of the core, as run_guarded() takes it.
struct GuardedRead {
  const FileLayout& layout;
  VirtualOffset begin;
  std::span<std::byte> out;
  SourceReader& reader;
  ReadResult result;
  bool files_are_good = false;

  static void run(void* self) {
    auto& job = *static_cast<GuardedRead*>(self);
    job.result = ndcat::read(job.layout, job.begin, job.out, job.reader);
    // Also after a value that cannot be converted: it may come from a file that is no longer what it was.
    job.files_are_good = job.result.status != ReadStatus::source_failed && job.reader.finish();
  }
};

std::optional<PanelPlan> plan_panels(const FileLayout& layout, const CatalogContext& context) {
  const Index longest = context.panels->longest_panel();
  switch (context.mechanisms.panels) {
    case Use::automatic:
      return PanelPlan::where_it_pays(layout, longest);
    case Use::always:
      return PanelPlan::wherever_possible(layout, longest);
    case Use::never:
      break;
  }
  return std::nullopt;
}

}  // namespace

ArrayBytes::ArrayBytes(std::uint64_t snapshot, const FileLayout& layout, const SourceTable& uses,
                       Sources& sources, bool may_keep, std::function<bool()> is_settled)
    : layout_(layout),
      uses_(uses),
      sources_(sources),
      is_settled_(std::move(is_settled)),
      paging_(layout, uses, sources, sources.context().mechanisms) {
  const CatalogContext& context = sources.context();
  if (!may_keep) return;
  const std::optional<PanelPlan> plan = plan_panels(layout, context);
  if (!plan) return;
  PanelOrigin origin{.snapshot = snapshot,
                     .layout = layout,
                     .uses = uses,
                     .sources = sources,
                     .settle = context.settle,
                     .read = [this](Index begin, std::span<std::byte> out) {
                       return !read_sources(begin, out).has_value();
                     }};
  panels_.emplace(std::move(origin), *plan, context.panels, context.mechanisms.panels == Use::always);
}

std::optional<SourceFault> ArrayBytes::read_sources(Index begin, std::span<std::byte> out) {
  if (out.empty()) return std::nullopt;
  paging_.prepare({.begin = VirtualOffset{begin}, .length = static_cast<Index>(out.size())}, is_settled_());
  SourceReader reader(sources_, uses_);
  GuardedRead job{layout_, VirtualOffset{begin}, out, reader, {}};
  const void* const faulted = run_guarded(&GuardedRead::run, &job);
  if (faulted != nullptr) return reader.fault_at(faulted);
  if (!job.files_are_good) return reader.fault();
  if (job.result) return std::nullopt;
  return SourceFault{EIO, uses_[job.result.source].id,
                     "holds a value that " + layout_.view().dtype.name() + " cannot hold"};
}

std::optional<SourceFault> ArrayBytes::read(Index begin, std::span<std::byte> out) {
  if (!panels_ || out.empty()) return read_sources(begin, out);
  const Panels::Read read = panels_->begin_read(begin, begin + static_cast<Index>(out.size()));
  return gather(read, panels_->part(read, begin), out);
}

std::variant<BytesRead, SourceFault> ArrayBytes::read_in_place(Index begin, std::span<std::byte> room) {
  std::optional<SourceFault> fault;
  if (!panels_ || room.empty()) {
    fault = read_sources(begin, room);
  } else {
    const Panels::Read read = panels_->begin_read(begin, begin + static_cast<Index>(room.size()));
    Panels::Part first = panels_->part(read, begin);
    if (first.held != nullptr && first.bytes.size() == room.size()) {
      return BytesRead{first.bytes, std::move(first.held)};
    }
    fault = gather(read, std::move(first), room);
  }
  if (fault) return *std::move(fault);
  return BytesRead{room, nullptr};
}

/// Copies what is in panels, and reads what lies between them. `part` is the first of the read.
std::optional<SourceFault> ArrayBytes::gather(const Panels::Read& read, Panels::Part part,
                                              std::span<std::byte> out) {
  const auto room = [&](Index begin, Index length) {
    return out.subspan(static_cast<std::size_t>(begin - read.begin), static_cast<std::size_t>(length));
  };
  Index done = read.begin;
  for (Index at = read.begin; at < read.end;) {
    if (at > read.begin) part = panels_->part(read, at);
    if (part.held != nullptr) {
      if (auto fault = read_sources(done, room(done, at - done))) return fault;
      std::memcpy(room(at, part.length).data(), part.bytes.data(), part.bytes.size());
      done = at + part.length;
    }
    at += part.length;
  }
  return read_sources(done, room(done, read.end - done));
}

void ArrayBytes::prepare() {
  if (panels_) panels_->prepare();
}

void ArrayBytes::forget_what_was_read() {
  if (panels_) panels_->forget();
}

}  // namespace ndcat
