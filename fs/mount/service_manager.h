// A word to systemd, for units of Type=notify; without libsystemd.
#pragma once

#include <string_view>

namespace ndcat {

/// "READY=1", "STOPPING=1". Does nothing when no service manager listens (NOTIFY_SOCKET is not set).
void notify_service_manager(std::string_view state);

}  // namespace ndcat
