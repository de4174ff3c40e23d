#include "fs/files/paging.h"

#include <optional>
#include <utility>
#include <variant>

#include "fs/files/bring_in.h"

namespace ndcat {

Paging::Paging(const FileLayout& layout, const SourceTable& uses, Sources& sources,
               const Mechanisms& mechanisms)
    : layout_(layout),
      uses_(uses),
      sources_(sources),
      mechanisms_(mechanisms),
      streams_(layout.size(), mechanisms.drop_behind == Use::always ? 0 : ReadStreams::kLag) {}

void Paging::prepare(ByteRange range, bool pages_are_kept) {
  if (mechanisms_.prefetch == Use::never) return;
  BringIn bring_in(sources_, uses_, layout_);
  BringIn::Own own = BringIn::Own::nothing;
  if (mechanisms_.drop_behind == Use::always) {
    own = BringIn::Own::everything;
  } else if (mechanisms_.drop_behind == Use::automatic && pages_are_kept) {
    own = BringIn::Own::what_was_cold;
  }
  ReadStreams::BroughtIn brought_in;
  const bool always = mechanisms_.prefetch == Use::always || own == BringIn::Own::everything;
  if (always || bring_in.looks_cold(range)) brought_in = bring_in.all_of(range, own);
  const ReadStreams::Next next = streams_.next(range, std::move(brought_in));
  if (next.ahead.length > 0) {
    streams_.was_read_ahead(next.stream, next.ahead, bring_in.all_of(next.ahead, own));
  }
  give_back(next.behind);
}

void Paging::give_back(const std::vector<SourcePages>& pages) {
  std::optional<PathWalk> walk;
  for (const SourcePages& some : pages) {
    const std::variant<Handle*, SourceFault> opened = sources_.open(some.file, walk);
    if (const auto* const handle = std::get_if<Handle*>(&opened)) {
      drop(**handle, some.begin, some.end);
      (*handle)->let_go();
    }
  }
}

}  // namespace ndcat
