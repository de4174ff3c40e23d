#include "fs/mount/options.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string_view>
#include <system_error>

#include "fs/mount/option_table.h"
#include "manifests/texts/suggestion.h"

namespace ndcat {
namespace {

// One option as it was written, and with its escapes resolved.
struct Option {
  std::string written;
  std::string text;
};

std::vector<Option> split(const std::string& texts) {
  std::vector<Option> options(1);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i] == ',') {
      options.emplace_back();
      continue;
    }
    options.back().written += texts[i];
    if (texts[i] == '\\' && i + 1 < texts.size()) options.back().written += texts[++i];
    options.back().text += texts[i];
  }
  std::erase_if(options, [](const Option& option) { return option.text.empty(); });
  return options;
}

bool is_comment(std::string_view text) { return text.starts_with("x-") || text.starts_with("X-"); }

// "fsname=a" is of "fsname="; "ro" is "ro".
const KnownOption* find(std::string_view text) {
  for (const KnownOption& known : known_options()) {
    const bool has_value = known.name.ends_with('=');
    if (has_value ? text.starts_with(known.name) : text == known.name) return &known;
  }
  return nullptr;
}

Error unknown(std::string_view text) {
  const std::string_view name = text.substr(0, text.find('='));
  std::vector<std::string_view> names;
  for (const KnownOption& known : known_options()) {
    std::string_view known_name = known.name;
    const bool has_value = known_name.ends_with('=');
    if (has_value) known_name.remove_suffix(1);
    if (known_name == name) {
      return {"-o " + std::string(text) + ": the option " + std::string(name) +
              (has_value ? " needs a value: " + std::string(known.name) + "..." : " takes no value")};
    }
    names.push_back(known_name);
  }
  return {"-o " + std::string(text) + ": unknown option" + did_you_mean(name, names)};
}

// A whole number from `least` on, or nothing.
std::optional<int> to_number(std::string_view text, int least) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < least) return std::nullopt;
  return number;
}

Error not_a_number(const Option& option, int least) {
  return {"-o " + option.text + ": the value must be a whole number from " + std::to_string(least) + " on"};
}

// "a::b" is "a", "" and "b".
std::vector<std::string_view> split_at_colons(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto colon = text.find(':');
    parts.push_back(text.substr(0, colon));
    if (colon == std::string_view::npos) return parts;
    text.remove_prefix(colon + 1);
  }
}

std::optional<Error> add_sources(std::string_view folders, MountOptions& options) {
  for (const std::string_view folder : split_at_colons(folders)) {
    if (folder.empty())
      return Error{"-o sources=: the name of a folder is empty; write sources=DIR[:DIR...]"};
    options.sources.emplace_back(folder);
  }
  return std::nullopt;
}

Error unknown_mechanism(const Option& option, std::string_view name) {
  std::string known;
  for (const NamedMechanism& mechanism : kMechanisms) {
    known += (known.empty() ? "" : ", ") + std::string(mechanism.name);
  }
  return {"-o " + option.text + ": no way of reading is called \"" + std::string(name) + "\"; there are " +
          known};
}

std::optional<Error> set_mechanisms(const Option& option, std::string_view names, Use use,
                                    Mechanisms& mechanisms) {
  for (const std::string_view name : split_at_colons(names)) {
    const auto* const named = std::find_if(kMechanisms.begin(), kMechanisms.end(),
                                           [&](const NamedMechanism& known) { return known.name == name; });
    if (named == kMechanisms.end()) return unknown_mechanism(option, name);
    mechanisms.*(named->use) = use;
  }
  return std::nullopt;
}

std::optional<Error> set_name(const Option& option, std::string_view value,
                              std::optional<std::string>& target) {
  if (value.empty()) return Error{"-o " + option.text + ": the name is empty"};
  target = value;
  return std::nullopt;
}

std::optional<Error> set_number(const Option& option, std::string_view value, int least, int& target) {
  const auto number = to_number(value, least);
  if (!number) return not_a_number(option, least);
  target = *number;
  return std::nullopt;
}

// Bytes: "48M" is 48 << 20. Nothing when it is no number, or too large a one.
std::optional<std::size_t> to_size(std::string_view text) {
  int shift = 0;
  if (text.ends_with('K')) shift = 10;
  if (text.ends_with('M')) shift = 20;
  if (text.ends_with('G')) shift = 30;
  if (shift > 0) text.remove_suffix(1);
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (number > std::numeric_limits<std::size_t>::max() >> shift) return std::nullopt;
  return number << shift;
}

std::optional<Error> set_size(const Option& option, std::string_view value, std::size_t& target) {
  const auto size = to_size(value);
  if (!size) {
    return Error{
        "-o " + option.text +
        ": the value must be a number of bytes, or of K, M or G: 1048576, 1024K and 1M are the same"};
  }
  target = *size;
  return std::nullopt;
}

std::optional<Error> set_read_ahead(const Option& option, std::string_view value,
                                    std::optional<std::size_t>& target) {
  // The kernel counts pages in 32 bits and would cut off what is above.
  constexpr std::size_t kMost = std::size_t{1} << 30;
  std::size_t size = 0;
  if (auto error = set_size(option, value, size)) return error;
  if (size > kMost) return Error{"-o " + option.text + ": the kernel can read 1G ahead at most"};
  target = size;
  return std::nullopt;
}

std::optional<Error> apply(const Option& option, const KnownOption& known, MountOptions& options) {
  const std::string_view value = std::string_view(option.text).substr(known.name.size());
  switch (known.use) {
    case OptionUse::sources:
      return add_sources(value, options);
    case OptionUse::settle: {
      int seconds = 0;
      if (auto error = set_number(option, value, 0, seconds)) return error;
      options.settle = std::chrono::seconds(seconds);
      return std::nullopt;
    }
    case OptionUse::cache:
      return set_size(option, value, options.cache);
    case OptionUse::force_mechanisms:
      return set_mechanisms(option, value, Use::always, options.mechanisms);
    case OptionUse::forbid_mechanisms:
      return set_mechanisms(option, value, Use::never, options.mechanisms);
    case OptionUse::threads:
      return set_number(option, value, 1, options.threads.emplace());
    case OptionUse::max_threads:
      return set_number(option, value, 1, options.max_threads);
    case OptionUse::max_idle_threads:
      return set_number(option, value, 1, options.max_idle_threads);
    case OptionUse::max_read:
      if (auto error = set_number(option, value, 1, options.max_read)) return error;
      break;
    case OptionUse::file_system_name:
      return set_name(option, value, options.file_system_name);
    case OptionUse::subtype:
      return set_name(option, value, options.subtype);
    case OptionUse::allow_others:
      options.allows_others = true;
      break;
    case OptionUse::default_permissions:
      options.default_permissions = true;
      return std::nullopt;
    case OptionUse::auto_unmount:
      options.auto_unmount = true;
      break;
    case OptionUse::debug:
      options.debug = true;
      return std::nullopt;
    case OptionUse::clone_fd:
      options.clone_fd = true;
      return std::nullopt;
    case OptionUse::read_ahead:
      return set_read_ahead(option, value, options.read_ahead);
    case OptionUse::direct:
      options.direct = true;
      return std::nullopt;
    case OptionUse::read_only:
    case OptionUse::read_write:
      options.writable = known.use == OptionUse::read_write;
      return std::nullopt;
    case OptionUse::passthrough:
      options.passthrough = true;
      return std::nullopt;
    case OptionUse::libfuse:
      break;
    case OptionUse::ignored:
      return std::nullopt;
  }
  options.for_libfuse.push_back(option.written);
  return std::nullopt;
}

}  // namespace

Result<MountOptions> parse_mount_options(const std::vector<std::string>& texts) {
  MountOptions options;
  for (const std::string& text : texts) {
    for (const Option& option : split(text)) {
      if (is_comment(option.text)) continue;
      const KnownOption* const known = find(option.text);
      if (known == nullptr) return unknown(option.text);
      if (auto error = apply(option, *known, options)) return *error;
    }
  }
  return options;
}

std::string escape_option(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == ',' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

}  // namespace ndcat
