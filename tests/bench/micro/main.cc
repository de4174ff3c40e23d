// The micro-benchmarks: how fast single mechanisms are, as ratios to memcpy.
//
//   micro [--target=NAME] [--benchmark_filter=REGEX] [Google Benchmark's other options]
//
// --target: the instruction set of the kernels, of those that this machine has; the best is the default.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "core/kernels/targets.h"
#include "tests/bench/micro/benchmarks.h"

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  const std::vector<std::string> targets = ndcat::kernel_targets();
  std::string target = targets.front();
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i], prefix = "--target=";
    target = word.starts_with(prefix) ? word.substr(prefix.size()) : "";
    if (std::ranges::find(targets, target) == targets.end()) {
      std::cerr << word << ": no such option; targets here:";
      for (const std::string& name : targets) std::cerr << ' ' << name;
      std::cerr << '\n';
      return 2;
    }
  }
  ndcat::choose_kernel_target(target);
  benchmark::AddCustomContext("kernels", target);
  ndcat::bench::add_gather();
  ndcat::bench::add_transpose();
  ndcat::bench::add_convert();
  ndcat::bench::add_layout();
  ndcat::bench::add_request();
  benchmark::RunSpecifiedBenchmarks();
}
