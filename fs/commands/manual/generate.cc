// Prints the manual page or a shell completion; Meson calls it while building.
// Usage: generate man VERSION < ndcat.1.in | generate bash | generate zsh | generate fish
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "fs/commands/manual/completions.h"
#include "fs/commands/manual/manual_page.h"

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const std::string kind = words.empty() ? "" : words[0];
  if (kind == "bash") {
    std::cout << ndcat::bash_completion(ndcat::mount_option_help());
  } else if (kind == "zsh") {
    std::cout << ndcat::zsh_completion();
  } else if (kind == "fish") {
    std::cout << ndcat::fish_completion();
  } else if (kind == "man" && words.size() == 2) {
    const std::string page_template{std::istreambuf_iterator<char>(std::cin), {}};
    const auto page = ndcat::manual_page(page_template, words[1], ndcat::mount_option_help());
    if (!page) {
      std::cerr << "ndcat.1.in: " << page.error().message << '\n';
      return 1;
    }
    std::cout << *page;
  } else {
    std::cerr << "usage: generate man VERSION < TEMPLATE | generate bash|zsh|fish\n";
    return 2;
  }
  return std::cout.flush() ? 0 : 1;
}
