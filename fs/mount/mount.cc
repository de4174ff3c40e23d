#include "fs/mount/mount.h"

#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "fs/files/catalog.h"
#include "fs/mount/background.h"
#include "fs/mount/fuse.h"
#include "fs/mount/plan.h"
#include "fs/mount/serve.h"

namespace ndcat {
namespace {

ExitCode report(ExitCode code, const std::string& message, std::ostream& err) {
  err << "ndcat: " << message << std::endl;
  return code;
}

ExitCode open_and_serve(const MountPlan& plan, Announcement announcement, std::ostream& err) {
  prepare_to_serve();
  auto catalog = Catalog::open(plan.manifests, plan.catalog);
  if (!catalog) return report(ExitCode::input_output, catalog.error().message, err);
  return serve(plan, **catalog, std::move(announcement), err);
}

}  // namespace

ExitCode mount(const MountRequest& request, std::ostream& err) {
  const auto planned = plan_mount(request);
  if (const auto* failure = std::get_if<MountFailure>(&planned))
    return report(failure->code, failure->message, err);
  const MountPlan& plan = std::get<MountPlan>(planned);
  if (plan.foreground) return open_and_serve(plan, Announcement(), err);
  // Before any thread is made: a fork would lose it.
  auto side = go_to_background(plan.mountpoint, err);
  if (const auto* code = std::get_if<ExitCode>(&side)) return *code;
  return open_and_serve(plan, std::get<Announcement>(std::move(side)), err);
}

std::string fuse_version() { return std::string("FUSE library ") + fuse_pkgversion(); }

}  // namespace ndcat
