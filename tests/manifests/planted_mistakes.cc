#include "tests/manifests/planted_mistakes.h"

#include <algorithm>

namespace ndcat {
namespace {

class Builder {
 public:
  explicit Builder(std::mt19937& random) : random_(random) {}

  SoundManifests build_root() {
    Shape shape;
    for (int axis = pick(1, 3); axis > 0; --axis) shape.push_back(pick(4, 9) * 12);
    built_.world.manifests["all.json"] = nullptr;
    build({"all.json", "", {}, 0, 0}, shape);
    Json& root = built_.world.at("all.json", "");
    if (!root.is_object()) root = Json{{"concatenate", Json::array({root})}};
    Site& site = add_site({"all.json", "", {}, 0, 0});
    const auto key = [&](const std::string& name, Json value) {
      site.mistakes.push_back({"root " + name, [=](World& w) { w.at("all.json", "")[name] = value; }});
    };
    key("views", Json::array({"npy", "npy"}));
    key("mode", "w");
    key("title", 3);
    key("$schema", true);
    key("description", Json::array());
    key("defaults", Json{{"ordr", "C"}});
    return std::move(built_);
  }

 private:
  /// Where an expression is built.
  struct Place {
    std::string manifest, pointer;
    std::vector<std::pair<int, int>> items;
    int level;  // of expressions
    std::size_t depth;
  };

  int pick(int low, int high) { return std::uniform_int_distribution(low, high)(random_); }
  bool one_in(int count) { return pick(1, count) == 1; }
  std::string new_name(const std::string& end) { return "f" + std::to_string(++names_) + end; }

  Site& add_site(const Place& place) {
    built_.sites.push_back({{}, place.items, place.depth});
    return built_.sites.back();
  }

  void build(const Place& place, const Shape& shape) {
    const int kind = place.level >= 3 ? pick(0, 3) : pick(0, 9);
    if (kind <= 1) {
      build_npy(place, shape);
    } else if (kind == 2) {
      build_raw(place, shape);
    } else if (kind == 3) {
      build_full(place, shape);
    } else if (kind <= 6) {
      build_list(place, shape, shape.size() > 1 && one_in(3));
    } else if (kind == 7) {
      build_block(place, shape);
    } else if (kind == 8) {
      build_nested(place, shape);
    } else {
      build_modified(place, shape);
    }
  }

  /// Mistakes that any object can have.
  void add_object_mistakes(Site& site, const Place& place, const std::string& verb) {
    const auto add = [&](const std::string& name, auto change) {
      site.mistakes.push_back({name, [=, p = place](World& w) { change(w.at(p.manifest, p.pointer)); }});
    };
    add("slip of astype", [](Json& object) { object["astpe"] = "<f8"; });
    add("key of other verbs", [verb](Json& object) { object[verb == "path" ? "axis" : "missing"] = 0; });
    if (!place.pointer.empty())
      add("key of the root", [](Json& object) { object["views"] = Json::array({"npy"}); });
    add("select that is none", [](Json& object) { object["select"] = "1:x"; });
    add("select of the wrong type", [](Json& object) { object["select"] = 4; });
    // Below a list that has another mistake, who knows how long the axis is?
    if (verb == "path" || verb == "full") {
      add("select out of bounds", [](Json& object) { object["select"] = "100000"; });
    }
    add("transpose of too many", [](Json& object) { object["transpose"] = Json::array({0, 1, 2, 3, 4}); });
    add("transpose of the wrong type", [](Json& object) { object["transpose"] = "yes"; });
    add("unknown dtype in astype", [](Json& object) { object["astype"] = "flaot64"; });
    add("field of an unknown dtype", [](Json& object) {
      object["astype"] = Json::array({Json::array({"a", "f8"}), Json::array({"b", "f9"})});
    });
  }

  void build_npy(const Place& place, const Shape& shape) {
    const std::string name = new_name(".npy");
    built_.world.npy(name, one_in(3) ? "<f4" : "<f8", shape);
    const bool is_object = one_in(2);
    built_.world.at(place.manifest, place.pointer) = is_object ? Json{{"path", name}} : Json(name);
    Site& site = add_site(place);
    if (is_object) add_object_mistakes(site, place, "path");
    const auto add = [&](const std::string& what, auto change) { site.mistakes.push_back({what, change}); };
    add("absent", [=](World& w) { w.files.erase(name); });
    add("refused",
        [=](World& w) { w.files[name] = [=](FakeProbe& probe) { probe.refuse(name, "is a FIFO"); }; });
    add("no array", [=](World& w) { w.files[name] = [=](FakeProbe& probe) { probe.add(name, "garbage"); }; });
    add("empty", [=](World& w) { w.files[name] = [=](FakeProbe& probe) { probe.add(name, ""); }; });
    add("truncated", [=](World& w) { w.npy(name, "<f8", shape, -1); });
    add("cut header", [=](World& w) {
      w.files[name] = [=](FakeProbe& probe) {
        probe.add(name, std::string("\x93NUMPY\x01\0\x76\0{'de", 14));
      };
    });
    if (place.items.empty()) return;  // alone, any array is right
    Shape odd = shape;
    odd.push_back(3);
    add("odd rank", [=](World& w) { w.npy(name, "<f8", odd); });
    add("odd dtype", [=](World& w) { w.npy(name, "<M8[s]", shape); });
    const std::string pointer = place.pointer, manifest = place.manifest;
    if (!is_object) {
      add("a number", [=](World& w) { w.at(manifest, pointer) = 5; });
      add("null", [=](World& w) { w.at(manifest, pointer) = nullptr; });
      add("a list", [=](World& w) { w.at(manifest, pointer) = Json::array({name}); });
      add("an empty name", [=](World& w) { w.at(manifest, pointer) = ""; });
      add("an empty object", [=](World& w) { w.at(manifest, pointer) = Json::object(); });
    } else {
      add("a number for a name", [=](World& w) { w.at(manifest, pointer)["path"] = 5; });
      add("an empty name", [=](World& w) { w.at(manifest, pointer)["path"] = ""; });
      add("slip of path", [=](World& w) { w.at(manifest, pointer) = Json{{"pth", name}}; });
      add("other word for path", [=](World& w) { w.at(manifest, pointer) = Json{{"file", name}}; });
      add("offset beside a header", [=](World& w) { w.at(manifest, pointer)["offset"] = 5; });
    }
  }

  static Json list_of(const Shape& shape) {
    Json list = Json::array();
    for (const Index extent : shape) list.push_back(extent);
    return list;
  }

  void build_raw(const Place& place, const Shape& shape) {
    const std::string name = new_name(".raw");
    Index bytes = 8;
    for (const Index extent : shape) bytes *= extent;
    const auto sized = [name](Index size) { return [=](FakeProbe& probe) { probe.add_raw(name, size); }; };
    built_.world.files[name] = sized(bytes);
    Json described = list_of(shape);
    if (one_in(2)) described[static_cast<std::size_t>(pick(0, shape.size() - 1))] = -1;
    built_.world.at(place.manifest, place.pointer) =
        Json{{"path", name}, {"dtype", "<f8"}, {"shape", described}};
    Site& site = add_site(place);
    add_object_mistakes(site, place, "path");
    const auto add = [&](const std::string& what, auto change) {
      site.mistakes.push_back({what, [=, p = place](World& w) { change(w.at(p.manifest, p.pointer)); }});
    };
    add("unknown dtype", [](Json& object) { object["dtype"] = "f9"; });
    add("dtype of the wrong type", [](Json& object) { object["dtype"] = nullptr; });
    add("negative extent", [](Json& object) { object["shape"][0] = -7; });
    add("shape of the wrong type", [](Json& object) { object["shape"] = 12; });
    add("unknown order", [](Json& object) { object["order"] = "X"; });
    add("negative offset", [](Json& object) { object["offset"] = -1; });
    add("offset beyond the end", [](Json& object) { object["offset"] = 1 << 30; });
    add("slip of dtype", [](Json& object) {
      object.erase("dtype");
      object["dtyp"] = "<f8";
    });
    add("stray", [](Json& object) { object["wibble"] = 1; });
    add("stray for the dtype", [](Json& object) {
      object.erase("dtype");
      object["element"] = "<f8";
    });
    add("missing of the wrong type", [](Json& object) { object["missing"] = 7; });
    add("missing with a slip", [](Json& object) { object["missing"] = Json{{"fil", 0}}; });
    site.mistakes.push_back({"short file", [=](World& w) { w.files[name] = sized(bytes - 1); }});
    site.mistakes.push_back({"absent", [=](World& w) { w.files.erase(name); }});
  }

  void build_full(const Place& place, const Shape& shape) {
    built_.world.at(place.manifest, place.pointer) =
        Json{{"full", 1.5}, {"shape", list_of(shape)}, {"dtype", "<f8"}};
    Site& site = add_site(place);
    add_object_mistakes(site, place, "full");
    site.mistakes.erase(std::remove_if(site.mistakes.begin(), site.mistakes.end(),
                                       [](const Mistake& m) { return m.name == "key of other verbs"; }),
                        site.mistakes.end());
    const auto add = [&](const std::string& what, auto change) {
      site.mistakes.push_back({what, [=, p = place](World& w) { change(w.at(p.manifest, p.pointer)); }});
    };
    add("null", [](Json& object) { object["full"] = nullptr; });
    add("a text", [](Json& object) { object["full"] = "one"; });
    add("unknown extent", [](Json& object) { object["shape"][0] = -1; });
    add("no shape", [](Json& object) { object.erase("shape"); });
    add("unknown dtype", [](Json& object) { object["dtype"] = "f9"; });
  }

  /// The extents of an axis, each at least one, in parts.
  std::vector<Index> parts_of(Index extent, int count) {
    std::vector<Index> parts(static_cast<std::size_t>(count), extent / count);
    parts.back() += extent % count;
    return parts;
  }

  Place item_of(const Place& place, const std::string& pointer, int list, std::size_t item) {
    Place inner = place;
    inner.pointer += pointer + "/" + std::to_string(item);
    inner.items.emplace_back(list, static_cast<int>(item));
    ++inner.level;
    ++inner.depth;
    return inner;
  }

  void build_list(const Place& place, const Shape& shape, bool is_stack) {
    const int axis = pick(0, shape.size() - 1);
    const std::string verb = is_stack ? "stack" : "concatenate";
    const int list = ++lists_;
    std::vector<Shape> shapes;
    if (is_stack) {
      Shape item = shape;
      item.erase(axis);
      shapes.assign(static_cast<std::size_t>(shape[axis] > 40 ? 0 : shape[axis]), item);
    } else {
      for (const Index extent : parts_of(shape[axis], shape[axis] < 6 ? 1 : pick(4, 6))) {
        shapes.push_back(shape);
        shapes.back()[axis] = extent;
      }
    }
    if (shapes.size() < 4) return build_npy(place, shape);
    built_.list_sizes[list] = static_cast<int>(shapes.size());
    built_.world.at(place.manifest, place.pointer) =
        Json{{verb, Json::array()}, {"axis", one_in(2) ? axis : axis - shape.size()}};
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      built_.world.at(place.manifest, place.pointer)[verb].push_back(nullptr);
      build(item_of(place, "/" + verb, list, i), shapes[i]);
    }
    Site& site = add_site(place);
    add_object_mistakes(site, place, verb);
    const auto add = [&](const std::string& what, auto change) {
      site.mistakes.push_back({what, [=, p = place](World& w) { change(w.at(p.manifest, p.pointer)); }});
    };
    add("axis of the wrong type", [](Json& object) { object["axis"] = "x"; });
    add("slip of axis", [](Json& object) {
      object["axs"] = object["axis"];
      object.erase("axis");
    });
    add("stray", [](Json& object) { object["wibble"] = 1; });
    add("odd item", [verb](Json& object) { object[verb].push_back(7); });
    add("second verb", [](Json& object) {
      object["block"] = Json::array({Json{{"full", 0}, {"shape", Json::array({1})}}});
    });
    add("slip of the verb", [verb](Json& object) {
      object["x" + verb] = object[verb];
      object.erase(verb);
    });
  }

  void build_block(const Place& place, const Shape& shape) {
    if (shape.size() < 2) return build_list(place, shape, false);
    if (std::min(shape[shape.size() - 1], shape[shape.size() - 2]) < 4) return build_npy(place, shape);
    const int rows = ++lists_;
    const int down = shape.size() - 2, across = shape.size() - 1;
    Json block = Json::array();
    const std::vector<Index> heights = parts_of(shape[down], 4), widths = parts_of(shape[across], 4);
    built_.list_sizes[rows] = 4;
    built_.world.at(place.manifest, place.pointer) = Json{{"block", Json::array()}};
    for (std::size_t i = 0; i < heights.size(); ++i) {
      const Place row = item_of(place, "/block", rows, i);
      const int columns = ++lists_;
      built_.list_sizes[columns] = 4;
      built_.world.at(place.manifest, place.pointer)["block"].push_back(Json::array());
      for (std::size_t j = 0; j < widths.size(); ++j) {
        Shape part = shape;
        part[down] = heights[i];
        part[across] = widths[j];
        built_.world.at(row.manifest, row.pointer).push_back(nullptr);
        build(item_of(row, "", columns, j), part);
      }
    }
    Site& site = add_site(place);
    add_object_mistakes(site, place, "block");
    site.mistakes.push_back({"an empty row", [p = place](World& w) {
                               w.at(p.manifest, p.pointer)["block"].push_back(Json::array());
                             }});
  }

  void build_nested(const Place& place, const Shape& shape) {
    const std::string name = new_name(".json");
    built_.world.at(place.manifest, place.pointer) = name;
    built_.world.manifests[name] = nullptr;
    Place inner{name, "", place.items, place.level + 1, place.depth + 1};
    build_list(inner, shape, false);
    if (!built_.world.at(name, "").is_object())
      built_.world.at(name, "") = Json{{"concatenate", Json::array({built_.world.at(name, "")})}};
  }

  void build_modified(const Place& place, const Shape& shape) {
    build_npy(place, shape);
    built_.sites.pop_back();
    const Json source = built_.world.at(place.manifest, place.pointer);
    Json object = source.is_object() ? source : Json{{"path", source}};
    const std::string name = object["path"];
    Shape stored;
    for (const Index extent : shape) stored.push_back(extent + 2);
    stored.reverse();
    built_.world.npy(name, "<i4", stored);
    object["select"] = shape.size() == 1 ? "1:-1" : "..., 1:-1";
    std::string select;
    for (int axis = 0; axis < shape.size(); ++axis) select += axis == 0 ? "1:-1" : ", 1:-1";
    object["select"] = select;
    object["transpose"] = true;
    object["astype"] = "<f8";
    built_.world.at(place.manifest, place.pointer) = object;
    Site& site = add_site(place);
    add_object_mistakes(site, place, "path");
    site.mistakes.push_back({"absent", [=](World& w) { w.files.erase(name); }});
  }

  std::mt19937& random_;
  SoundManifests built_;
  int names_ = 0, lists_ = 0;
};

}  // namespace

SoundManifests sound_manifests(std::mt19937& random) { return Builder(random).build_root(); }

}  // namespace ndcat
