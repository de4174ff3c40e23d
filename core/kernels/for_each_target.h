// Compiles a file once for each instruction set that pays, with Highway; without it, once and for all.
//
// A file of kernels looks like this:
//
//   #undef HWY_TARGET_INCLUDE
//   #define HWY_TARGET_INCLUDE "core/kernels/this_file.cc"
//   #include "core/kernels/for_each_target.h"
//   HWY_BEFORE_NAMESPACE();
//   namespace ndcat::HWY_NAMESPACE { Kernel find(...) { ... } }
//   HWY_AFTER_NAMESPACE();
//   #if HWY_ONCE
//   namespace ndcat { HWY_EXPORT(find); Kernel kernel(...) { return HWY_DYNAMIC_DISPATCH(find)(...); } }
//   #endif
//
// NDCAT_VECTORS is 1 where the vectors of the target are worth code of their own (32 bytes, or those of Arm);
// elsewhere, and always without Highway, kernels are plain C++. It is included again for each target, so it
// has no guard.

#ifdef NDCAT_HIGHWAY

#include <hwy/foreach_target.h>
// After it, as it asks.
#include <hwy/highway.h>

#undef NDCAT_VECTORS
#if (HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2) || HWY_TARGET == HWY_NEON
#define NDCAT_VECTORS 1
#else
#define NDCAT_VECTORS 0
#endif

#else  // the same words without Highway

#define NDCAT_VECTORS 0
#define HWY_ONCE 1
#define HWY_NAMESPACE portable
#define HWY_BEFORE_NAMESPACE() static_assert(true)
#define HWY_AFTER_NAMESPACE() static_assert(true)
#define HWY_EXPORT(function) static_assert(true)
#define HWY_DYNAMIC_DISPATCH(function) portable::function

#endif
