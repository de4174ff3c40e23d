// serve(): a mount of any Catalog, from mounting to the end of the session.
#pragma once

#include <ostream>

#include "fs/files/catalog.h"
#include "fs/mount/background.h"
#include "fs/mount/plan.h"

namespace ndcat {

/// To be called before the process has a second thread, and before the Catalog makes one: the signals that
/// end the session must reach no other thread. From then on they end nothing until serve() runs.
void prepare_to_serve();

/// Returns when the session has ended. What goes wrong before the mount answers is written to `err`.
[[nodiscard]] ExitCode serve(const MountPlan& plan, Catalog& catalog, Announcement announcement,
                             std::ostream& err);

}  // namespace ndcat
