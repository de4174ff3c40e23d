// Resolver: from syntax trees to array views; the inside of resolve.h. One per resolution, used by one
// thread.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/algebra/algebra.h"
#include "manifests/numpy_header.h"
#include "manifests/parse/expression.h"
#include "manifests/probe.h"
#include "manifests/problem_list.h"
#include "manifests/resolve/array_sink.h"
#include "manifests/resolve/resolve.h"
#include "manifests/words/glob.h"

namespace ndcat {

/// What a description says of the array in a file, without a look at the file.
Outline outline_of(const RawDescription& raw);

/// One manifest while its expressions are resolved.
struct ManifestScope {
  std::string shown_as;  // as problems call it
  std::string folder;    // with "/" at its end, or "": where relative paths start
  std::string identity;
  const ManifestTree& tree;
  GlobFinder finder;

  [[nodiscard]] std::string path_of(std::string_view name) const {
    return name.starts_with('/') ? std::string(name) : folder + std::string(name);
  }
};

class Resolver {
 public:
  explicit Resolver(Probe& probe) : probe_(probe) {}
  Resolution run(const std::string& path, const std::string& shown_as);

 private:
  friend class ListSink;
  friend class BlockBuilder;
  friend class SingleSink;

  // resolver.cc: manifests and expressions
  /// The array of the manifest that `item` names.
  Found nested(const ManifestScope& scope, const Item& item);
  /// The array of one that is neither done nor open.
  Found inside(const ProbedText& text, const std::string& path, const std::string& shown_as);
  std::optional<ManifestTree> load(const ProbedText& text, const std::string& shown_as);
  // The functions on the way from an expression to those within it keep arrays on the heap, and leave what
  // needs a large frame to functions of their own: expressions nest deeply, and the stack is bounded.
  /// All arrays that `expression` stands for, in order.
  void emit(ManifestScope& scope, const Expression& expression, const Spot& spot, ArraySink& sink);
  /// The array of a verb that combines others or makes one; never null.
  std::unique_ptr<Found> combination(ManifestScope& scope, const Expression& expression, const Spot& spot);
  [[gnu::noinline]] std::unique_ptr<Found> full_array(const ManifestScope& scope, const FullExpression& full,
                                                      const Spot& spot);
  /// Applies the modifiers and gives the array to the sink.
  [[gnu::noinline]] void hand_over(const ManifestScope& scope, const Expression& expression, Found&& found,
                                   const Item& item, ArraySink& sink);
  /// Where exactly one array can stand; never null.
  std::unique_ptr<Found> single(ManifestScope& scope, const Expression& expression, const Spot& spot);
  void problem(const ManifestScope& scope, const Item& item, std::string message);
  /// Whether `item` is the file that "append" at the root names.
  [[nodiscard]] bool is_tail(const ManifestScope& scope, const Item& item) const;
  /// What is wrong with "append" beside all that is wrong with the file.
  void check_tail(const ManifestTree& tree, const std::string& shown_as);

  // resolve_modifiers.cc, resolve_list.cc, resolve_block.cc; the pointers are never null
  Found modified(const ManifestScope& scope, Found found, const Modifiers* modifiers, const Item& item);
  std::unique_ptr<Found> list(ManifestScope& scope, const ListExpression& expression, const Spot& spot);
  std::unique_ptr<Found> block(ManifestScope& scope, const BlockNode& node, const Spot& spot);

  // resolve_source.cc: which files; resolve_file.cc, resolve_raw.cc: what is in a file
  void source(ManifestScope& scope, const Expression& expression, const Spot& spot, ArraySink& sink);
  void matches(ManifestScope& scope, const Expression& expression, const Spot& spot, ArraySink& sink);
  void files(ManifestScope& scope, const Expression& expression, const Spot& spot,
             std::span<const std::string> names, ArraySink& sink);
  void search(ManifestScope& scope, const Expression& expression, const Spot& spot,
              const std::string& pattern, ArraySink& sink);
  void file(ManifestScope& scope, const Expression& expression, const Item& item, ArraySink& sink);
  Found read_file(ManifestScope& scope, const RawDescription& raw, const RawDescription& own,
                  const Item& item, const ProbedFile& file);
  void absent(ManifestScope& scope, const Expression& expression, const Item& item, const std::string& reason,
              ArraySink& sink);
  /// The array that stands in for a file that is not there but is described.
  Found filled(const ManifestScope& scope, const RawDescription& raw, const Item& item,
               const JsonValue& value);
  Found raw_array(ManifestScope& scope, const RawDescription& raw, const Item& item, const ProbedFile& file);
  Found numpy_array(ManifestScope& scope, const Item& item, const ProbedFile& file);
  /// Of the file that "append" names.
  Found numpy_tail(ManifestScope& scope, const Item& item, const ProbedFile& file);
  Found array_in(ManifestScope& scope, const Item& item, const ProbedFile& file, const NumpyHeader& layout);
  /// False, once reported, when there are more arrays than any manifest may combine.
  bool count_array(const ManifestScope& scope, const Item& item, std::size_t arrays);
  void prefetch(const ManifestScope& scope, std::span<const Expression> items);
  void prefetch(const ManifestScope& scope, const SourceExpression& glob, std::span<const std::string> names);

  static constexpr std::size_t kMostArrays = std::size_t{16} << 20U;

  Probe& probe_;
  ProblemList problems_;
  SourceTable sources_;
  std::optional<Tail> tail_;
  int tails_met_ = 0;
  bool tail_is_manifest_ = false;
  std::vector<const ManifestScope*> open_;  // the manifests being resolved, each named by the one before it

  /// Of a nested manifest that is done: its array, and how many arrays it combines.
  struct Done {
    Found found;
    std::size_t arrays = 0;
  };
  std::map<std::string, Done> done_;
  std::size_t arrays_ = 0;
  int depth_ = 0;
  /// The header read last: neighbours' headers are mostly equal to the byte, and so share one dtype.
  std::string last_header_text_;
  std::optional<NumpyHeader> last_header_;
};

}  // namespace ndcat
