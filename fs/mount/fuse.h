// libfuse's low-level interface, one version of it for every file of this folder; nothing outside includes
// it.
#pragma once

// The oldest interface with a configurable multi-threaded loop; every libfuse from 3.12 offers it.
#define FUSE_USE_VERSION 312
#include <fuse_lowlevel.h>
