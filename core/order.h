// Order: how the elements of an array lie in memory or in a file.
#pragma once

namespace ndcat {

/// C: the last axis varies fastest. F (Fortran): the first axis varies fastest.
enum class Order : char { c = 'C', f = 'F' };

}  // namespace ndcat
