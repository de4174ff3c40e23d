// Fixed reads, for callgrind to count the instructions of; test_instruction_counts.py runs it.
//
//   counted_reads TARGET   plans and reads 1 MiB of each case with the kernels of TARGET, each case in one
//                          call of counted_case(); prints the cases' names in that order
//   counted_reads          prints the targets that there are
#include <cstdlib>
#include <functional>
#include <iostream>
#include <vector>

#include "core/algebra/algebra.h"
#include "core/kernels/targets.h"
#include "core/reading/reader.h"

namespace ndcat {
namespace {

constexpr Index kBytes = 1 << 20;               // of the virtual file that are read
constexpr Index kRequest = 128 * 1024;          // as the kernel asks
constexpr Index kSourceBytes = Index{8} << 20;  // as many as any case needs

/// Sources that are all the same bytes.
class OneSource : public SourceBytes {
 public:
  Index longest_span(SourceId) override { return kSourceBytes; }
  const std::byte* bytes(SourceId, SourceOffset offset, Index) override {
    return bytes_.data() + static_cast<Index>(offset);
  }

 private:
  std::vector<std::byte> bytes_ = std::vector<std::byte>(kSourceBytes, std::byte{1});
};

Dtype number(Kind kind, Index size, ByteOrder order = ByteOrder::little) {
  return Dtype::simple(kind, size, order);
}

ArrayView source(const Dtype& dtype, const Shape& shape, Order order = Order::c, SourceId id = 0) {
  return *source_view(id, kSourceBytes, dtype, shape, order, SourceOffset{0});
}

/// `parts` sources side by side along `axis`.
ArrayView joined(const Dtype& dtype, const Shape& shape, Index axis, Index parts) {
  std::vector<ArrayView> views;
  for (Index i = 0; i < parts; ++i) views.push_back(source(dtype, shape, Order::c, static_cast<SourceId>(i)));
  return *concatenate(std::move(views), axis);
}

struct Case {
  const char* name;
  std::function<ArrayView()> view;
};

std::vector<Case> cases() {
  const Dtype u1 = number(Kind::unsigned_integer, 1), u2 = number(Kind::unsigned_integer, 2);
  const Dtype f2 = number(Kind::floating, 2), f4 = number(Kind::floating, 4), f8 = number(Kind::floating, 8);
  const Dtype big_f4 = number(Kind::floating, 4, ByteOrder::big);
  return {
      {"contiguous", [=] { return joined(f8, {kBytes / 16}, 0, 2); }},
      {"pieces of 128 bytes", [=] { return joined(f8, {16}, 0, kBytes / 128); }},
      {"rows of 8 + 8 KB",
       [=] {
         return joined(f8, {kBytes / 16384, 1024}, 1, 2);
       }},
      {"interleaved 8 + 8",
       [=] {
         return joined(f8, {kBytes / 16, 1}, 1, 2);
       }},
      {"interleaved 1 + 1",
       [=] {
         return joined(u1, {kBytes / 2, 1}, 1, 2);
       }},
      {"rows of 7 + 7",
       [=] {
         return joined(u1, {kBytes / 14 + 1, 7}, 1, 2);
       }},
      {"every second u2",
       [=] {
         return *select(source(u2, {kBytes}), {Slice{{}, {}, 2}});
       }},
      {"u1 reversed",
       [=] {
         return *select(source(u1, {kBytes}), {Slice{{}, {}, -1}});
       }},
      {"u1 transposed",
       [=] {
         return source(u1, {1024, 1024}, Order::f);
       }},
      {"f8 transposed",
       [=] {
         return source(f8, {512, 256}, Order::f);
       }},
      {">f4 -> <f8", [=] { return *astype(source(big_f4, {kBytes / 8}), f8); }},
      {"u1 -> f4", [=] { return *astype(source(u1, {kBytes / 4}), f4); }},
      {"f8 -> u1", [=] { return *astype(source(f8, {kBytes}), u1); }},
      {"f4 -> f2", [=] { return *astype(source(f4, {kBytes / 2}), f2); }},
      {"f8 -> f2", [=] { return *astype(source(f8, {kBytes / 2}), f2); }},
      {"every second >f4 -> <f8",
       [=] {
         return *astype(*select(source(big_f4, {kBytes / 4}), {Slice{{}, {}, 2}}), f8);
       }},
      {">f4 transposed -> <f8",
       [=] {
         return *astype(source(big_f4, {512, 256}, Order::f), f8);
       }},
  };
}

}  // namespace
}  // namespace ndcat

/// What is counted.
extern "C" [[gnu::noinline]] void counted_case(const ndcat::ArrayView& view, std::byte* to,
                                               ndcat::SourceBytes& sources) {
  using namespace ndcat;  // NOLINT: a function outside of it, for its name to be plain
  const auto layout = FileLayout::plan(view, Order::c);
  if (!layout || layout->size() < kBytes) std::abort();
  for (Index at = 0; at < kBytes; at += kRequest) {
    if (!read(*layout, VirtualOffset{at}, {to, kRequest}, sources)) std::abort();
  }
}

int main(int argc, char** argv) {
  if (argc < 2) {
    for (const std::string& target : ndcat::kernel_targets()) std::cout << target << '\n';
    return 0;
  }
  ndcat::choose_kernel_target(argv[1]);
  ndcat::OneSource sources;
  std::vector<std::byte> to(ndcat::kRequest);
  for (const ndcat::Case& made : ndcat::cases()) {
    counted_case(made.view(), to.data(), sources);
    std::cout << made.name << '\n';
  }
}
