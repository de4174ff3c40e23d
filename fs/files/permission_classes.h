// The three classes of users that permission bits speak of, between files of different owners and groups.
// Classes are numbers of three bits: owner 4, group 2, others 1. So are permissions: read 4, write 2,
// enter 1.
#pragma once

#include <cstdint>

namespace ndcat {

/// The classes to which `mode` grants `permission`.
[[nodiscard]] constexpr std::uint32_t classes_of(std::uint32_t mode, std::uint32_t permission) {
  return ((mode >> 6 & permission) != 0 ? 4U : 0U) | ((mode >> 3 & permission) != 0 ? 2U : 0U) |
         ((mode & permission) != 0 ? 1U : 0U);
}

/// The bits of a mode that grant `permissions` to `classes`.
[[nodiscard]] constexpr std::uint32_t mode_bits(std::uint32_t classes, std::uint32_t permissions) {
  return ((classes & 4) != 0 ? permissions << 6 : 0) | ((classes & 2) != 0 ? permissions << 3 : 0) |
         ((classes & 1) != 0 ? permissions : 0);
}

struct Ownership {
  std::uint32_t uid = 0, gid = 0;
};

/// The classes of a file of `file`'s owner and group in which everyone, whoever it may be, is granted what
/// the classes `granted` of another file, of `other`'s owner and group, are. A user who is not the owner of
/// the one may own the other, and one in the group of the one need not be in the other's. `own_uid`, this
/// process's user, is granted everything: it has done it.
[[nodiscard]] constexpr std::uint32_t classes_granted(Ownership file, Ownership other, std::uint32_t granted,
                                                      std::uint32_t own_uid) {
  const bool same_owner = file.uid == other.uid, same_group = file.gid == other.gid;
  const bool owner = (granted & 4) != 0, group = (granted & 2) != 0, others = (granted & 1) != 0;
  const bool is_owner_granted = same_owner ? owner : file.uid == own_uid || (group && others);
  const bool not_as_owner = same_owner || owner;
  const bool is_group_granted = not_as_owner && group && (same_group || others);
  const bool are_others_granted = not_as_owner && others && (same_group || group);
  return (is_owner_granted ? 4U : 0U) | (is_group_granted ? 2U : 0U) | (are_others_granted ? 1U : 0U);
}

}  // namespace ndcat
