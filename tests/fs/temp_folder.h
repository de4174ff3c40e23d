// A folder of its own for each test, removed at the end, with short words for what tests do to files.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace ndcat::testing {

class TempFolder {
 public:
  TempFolder() : TempFolder(std::filesystem::temp_directory_path()) {}
  explicit TempFolder(const std::filesystem::path& parent) {
    std::string name = (parent / "ndcat-test-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    path_ = std::filesystem::canonical(name).string();
  }
  ~TempFolder() {
    std::error_code ignored;  // leftovers of a failed test are no second failure
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

  /// Writes in place (an existing file keeps its inode); makes folders as needed. The path.
  std::string write(std::string_view name, std::string_view bytes) const {
    const std::string path = *this / name;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    EXPECT_TRUE(file.flush().good()) << path;
    return path;
  }
  /// Writes a new file and renames it over the old one.
  std::string replace(std::string_view name, std::string_view bytes) const {
    const std::string fresh = write(std::string(name) + ".new", bytes);
    std::filesystem::rename(fresh, *this / name);
    return *this / name;
  }
  std::string folder(std::string_view name) const {
    std::filesystem::create_directories(*this / name);
    return *this / name;
  }
  std::string link(std::string_view name, std::string_view target) const {
    std::filesystem::create_symlink(target, *this / name);
    return *this / name;
  }

 private:
  std::string path_;
};

/// Overwrites bytes of a file in place; size and inode stay.
inline void overwrite(const std::string& path, std::streamoff offset, std::string_view bytes) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(offset);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  EXPECT_TRUE(file.flush().good()) << path;
}

/// Root may read everything; for the life of this object the thread may not. (Others are no root anyway.)
class AsOrdinaryUser {
 public:
  /// `folder` becomes searchable for everyone.
  explicit AsOrdinaryUser(const std::string& folder) {
    EXPECT_EQ(::chmod(folder.c_str(), 0755), 0);
    if (::geteuid() == 0) ::setfsuid(65534);
  }
  ~AsOrdinaryUser() { ::setfsuid(::geteuid()); }
  AsOrdinaryUser(const AsOrdinaryUser&) = delete;
  AsOrdinaryUser& operator=(const AsOrdinaryUser&) = delete;
};

/// Sets the modification time `seconds` into the past. (The change time cannot be set: it becomes now.)
inline void set_age(const std::string& path, time_t seconds) {
  const timespec past = {::time(nullptr) - seconds, 0};
  const timespec times[2] = {past, past};
  EXPECT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0) << path;
}

}  // namespace ndcat::testing
