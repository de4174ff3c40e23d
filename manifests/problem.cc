#include "manifests/problem.h"

#include "manifests/texts/printable.h"

namespace ndcat {

std::string to_string(const Problem& problem) {
  std::string text = printable_name(problem.file);
  const Place& place = problem.place;
  if (place.line > 0) {
    text += ':' + std::to_string(place.line);
    if (place.column > 0) text += ':' + std::to_string(place.column);
  }
  if (!place.pointer.empty()) text += (text.empty() ? "" : " ") + printable_name(place.pointer);
  if (!text.empty()) text += ": ";
  return text + problem.message;
}

}  // namespace ndcat
