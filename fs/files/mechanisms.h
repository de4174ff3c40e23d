// Mechanisms: the ways to the bytes that are chosen by what is seen of sources and readers, and that a test
// or a measurement may force or forbid. Each gives the same bytes; they differ in speed and memory alone.
#pragma once

#include <array>
#include <string_view>

namespace ndcat {

enum class Use { automatic, always, never };

struct Mechanisms {
  Use maps = Use::automatic;         // memory maps of sources; without: pread
  Use prefetch = Use::automatic;     // asks for what is not in memory before it is touched, and ahead of that
  Use drop_behind = Use::automatic;  // gives back source pages that only this process brought into memory
  Use panels = Use::automatic;       // keeps turned bands of a source whose order is not the file's
  Use index = Use::automatic;        // keeps the headers of sources from one mount to the next
  Use predictor = Use::automatic;    // reads ahead the pages that a strided reader of a map will touch
};

struct NamedMechanism {
  std::string_view name;  // in -o force= and -o without=
  Use Mechanisms::*use;
};

inline constexpr std::array kMechanisms = {
    NamedMechanism{"maps", &Mechanisms::maps},
    NamedMechanism{"prefetch", &Mechanisms::prefetch},
    NamedMechanism{"drop_behind", &Mechanisms::drop_behind},
    NamedMechanism{"panels", &Mechanisms::panels},
    NamedMechanism{"index", &Mechanisms::index},
    NamedMechanism{"predictor", &Mechanisms::predictor},
};

}  // namespace ndcat
