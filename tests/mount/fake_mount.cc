// Mounts a FakeCatalog: fake_mount CONTROL_FOLDER MOUNTPOINT [-f] [-d] [-s] [-o OPTIONS]...
// Everything but the catalog is what `ndcat mount` runs.

#include <cstring>
#include <iostream>
#include <string>
#include <utility>
#include <variant>

#include "fs/mount/background.h"
#include "fs/mount/plan.h"
#include "fs/mount/serve.h"
#include "tests/support/fake_catalog.h"

namespace {

ndcat::ExitCode serve_fake(const ndcat::MountPlan& plan, ndcat::Announcement announcement) {
  ndcat::prepare_to_serve();
  ndcat::FakeCatalog catalog(plan.manifests);
  return ndcat::serve(plan, catalog, std::move(announcement), std::cerr);
}

ndcat::ExitCode mount_fake(const ndcat::MountRequest& request) {
  const auto planned = ndcat::plan_mount(request);
  if (const auto* failure = std::get_if<ndcat::MountFailure>(&planned)) {
    std::cerr << failure->message << std::endl;
    return failure->code;
  }
  const auto& plan = std::get<ndcat::MountPlan>(planned);
  if (plan.foreground) return serve_fake(plan, ndcat::Announcement());
  auto side = ndcat::go_to_background(plan.mountpoint, std::cerr);
  if (const auto* code = std::get_if<ndcat::ExitCode>(&side)) return *code;
  return serve_fake(plan, std::get<ndcat::Announcement>(std::move(side)));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return ndcat::to_int(ndcat::ExitCode::usage);
  ndcat::MountRequest request{.manifests = argv[1], .mountpoint = argv[2], .options = {}};
  for (int i = 3; i < argc; ++i) {
    if (std::strcmp(argv[i], "-f") == 0) request.foreground = true;
    if (std::strcmp(argv[i], "-d") == 0) request.debug = true;
    if (std::strcmp(argv[i], "-s") == 0) request.single_threaded = true;
    if (std::strcmp(argv[i], "-o") == 0 && i + 1 < argc) request.options.emplace_back(argv[++i]);
  }
  return ndcat::to_int(mount_fake(request));
}
