#include "tests/support/fake_mount.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace ndcat {
namespace {

constexpr auto kPause = std::chrono::milliseconds(10);
constexpr auto kStart = std::chrono::seconds(60);

}  // namespace

FakeMount::FakeMount(const std::vector<std::string>& arguments) {
  std::string pattern = (std::filesystem::temp_directory_path() / "ndcat_mount_XXXXXX").string();
  folder_ = ::mkdtemp(pattern.data());
  std::filesystem::create_directory(folder_ + "/mnt");
  std::filesystem::create_directory(folder_ + "/control");
  std::vector<std::string> words = {std::getenv("NDCAT_FAKE_MOUNT"), control(), path(), "-f"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  process_ = ::fork();
  if (process_ == 0) {
    const int log = ::open((folder_ + "/log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(log, STDERR_FILENO);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  const auto begin = std::chrono::steady_clock::now();
  while (!answers_ && std::chrono::steady_clock::now() - begin < kStart &&
         ::waitpid(process_, nullptr, WNOHANG) == 0) {
    std::this_thread::sleep_for(kPause);
    answers_ = is_mounted();
  }
}

FakeMount::~FakeMount() {
  release();
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  while (is_mounted() && ::umount2(path().c_str(), MNT_DETACH) == 0) {
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void FakeMount::release() const { std::ofstream(control("release")).put('r'); }

void FakeMount::send(int signal) const { ::kill(process_, signal); }

std::optional<int> FakeMount::wait_for_end(std::chrono::seconds limit) {
  const auto begin = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - begin < limit) {
    int status = 0;
    if (::waitpid(process_, &status, WNOHANG) == process_) {
      process_ = -1;
      return WIFEXITED(status) ? std::optional(WEXITSTATUS(status)) : std::nullopt;
    }
    std::this_thread::sleep_for(kPause);
  }
  return std::nullopt;
}

std::string FakeMount::log() const {
  std::ostringstream text;
  text << std::ifstream(folder_ + "/log").rdbuf();
  return text.str();
}

bool FakeMount::is_mounted() const {
  struct stat inside = {};
  struct stat outside = {};
  if (::stat(path().c_str(), &inside) != 0) return errno == ENOTCONN;
  return ::stat(control().c_str(), &outside) == 0 && inside.st_dev != outside.st_dev;
}

bool can_mount() { return ::access("/dev/fuse", R_OK | W_OK) == 0 && ::geteuid() == 0; }

}  // namespace ndcat
