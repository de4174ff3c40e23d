// Reads or writes a file as programs do, and says as JSON how fast that went:
//   {"seconds": 0.25, "bytes": 1073741824, "touches": 1024}, and "p50" and "p99" (microseconds) of random
//   touches.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "workers.h"

namespace {

const std::map<std::string, bench::Pattern> kPatterns = {
    {"read", bench::Pattern::read},
    {"map", bench::Pattern::map},
    {"pread-page", bench::Pattern::pread_page},
    {"map-page", bench::Pattern::map_page},
    {"map-column", bench::Pattern::map_column},
    {"write", bench::Pattern::write},
    {"fill", bench::Pattern::fill},
    {"pwrite-page", bench::Pattern::pwrite_page},
    {"fill-column", bench::Pattern::fill_column},
    {"append", bench::Pattern::append},
};

/// The smallest value that at least `share` of all are not above. (Nearest rank.)
double percentile(const std::vector<double>& sorted, double share) {
  const auto rank = static_cast<std::size_t>(share * static_cast<double>(sorted.size()));
  return sorted[std::min(rank, sorted.size() - 1)];
}

nlohmann::json report(const bench::Outcome& outcome) {
  std::size_t bytes = 0, touches = 0;
  std::uint64_t checksum = 0;
  std::vector<double> latencies;
  for (const auto& tally : outcome.tallies) {
    bytes += tally.bytes;
    touches += tally.touches;
    checksum += tally.checksum;
    latencies.insert(latencies.end(), tally.microseconds.begin(), tally.microseconds.end());
  }
  nlohmann::json result = {
      {"seconds", outcome.seconds}, {"bytes", bytes}, {"touches", touches}, {"checksum", checksum}};
  if (!latencies.empty()) {
    std::sort(latencies.begin(), latencies.end());
    result["p50"] = percentile(latencies, 0.50);
    result["p99"] = percentile(latencies, 0.99);
  }
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  bench::Task task;
  std::string path;
  int workers = 1;
  bool warm = false;
  double seconds = 60;
  CLI::App app("Reads or writes a file as programs do, and says how fast that went.");
  app.add_option("pattern", task.pattern)->required()->transform(CLI::CheckedTransformer(kPatterns));
  app.add_option("file", path)->required();
  app.add_option("--chunk", task.chunk, "bytes of each call")->check(CLI::PositiveNumber);
  app.add_option("--stride", task.stride, "bytes from one item of the column to the next")
      ->check(CLI::PositiveNumber);
  app.add_option("--offset", task.offset, "bytes in front of the column's first item");
  app.add_option("--count", task.count, "random touches of each worker, or chunks to append");
  app.add_option("--seed", task.seed, "of the random places, and of what is written");
  app.add_option("--workers", workers, "threads, each with its own open file")->check(CLI::Range(1, 64));
  app.add_option("--seconds", seconds, "stop after this time, whatever is left");
  app.add_flag("--warm", warm, "do it twice and time the second");
  CLI11_PARSE(app, argc, argv);
  try {
    std::cout << report(bench::run_workers(task, path, workers, warm, seconds)) << "\n";
  } catch (const std::exception& failure) {
    std::cerr << failure.what() << "\n";
    return 1;
  }
  return 0;
}
