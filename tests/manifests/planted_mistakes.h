// Random manifests without a mistake, and the mistakes that can be planted into them.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/fake_probe.h"

namespace ndcat {

using Json = nlohmann::ordered_json;

/// Manifests and files; a mistake changes one of them.
struct World {
  std::map<std::string, Json> manifests;
  std::map<std::string, std::function<void(FakeProbe&)>> files;

  Json& at(const std::string& manifest, const std::string& pointer) {
    return manifests[manifest][Json::json_pointer(pointer)];
  }
  void npy(const std::string& name, const std::string& dtype, const Shape& shape, Index extra = 0) {
    files[name] = [=](FakeProbe& probe) { probe.add_npy(name, dtype, shape, Order::c, extra); };
  }
};

struct Mistake {
  std::string name;  // what it is, for whoever reads a failure
  std::function<void(World&)> plant;
};

/// Where mistakes can be planted: at most one for each site, and not in too many items of one list.
struct Site {
  std::vector<Mistake> mistakes;
  std::vector<std::pair<int, int>> items;  // the lists around it, each with the item that it is in
  std::size_t depth = 0;
};

/// "all.json" and what it names, built from the result's shape downwards.
struct SoundManifests {
  World world;
  std::vector<Site> sites;
  std::map<int, int> list_sizes;  // the items of each list
};
[[nodiscard]] SoundManifests sound_manifests(std::mt19937& random);

}  // namespace ndcat
