#include "fs/commands/descriptor_stream.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <ostream>
#include <string>
#include <thread>

namespace ndcat {
namespace {

struct Pipe {
  std::array<int, 2> ends{};
  Pipe() { EXPECT_EQ(::pipe(ends.data()), 0); }
  ~Pipe() {
    close_read();
    close_write();
  }
  void close_read() { ::close(std::exchange(ends[0], -1)); }
  void close_write() { ::close(std::exchange(ends[1], -1)); }
  std::string read_all() {
    std::string all(1 << 16, '\0');
    std::string result;
    for (ssize_t count = 0; (count = ::read(ends[0], all.data(), all.size())) > 0;) {
      result.append(all.data(), static_cast<std::size_t>(count));
    }
    return result;
  }
};

TEST(DescriptorBuffer, WritesEverythingInOrder) {
  Pipe pipe;
  std::string received;
  std::thread reader([&] { received = pipe.read_all(); });
  std::string expected;
  {
    DescriptorBuffer buffer(pipe.ends[1]);
    std::ostream out(&buffer);
    for (int i = 0; i < 30000; ++i) {
      out << i << '\n';
      expected += std::to_string(i) + "\n";
    }
    EXPECT_TRUE(out.flush());
    EXPECT_EQ(buffer.error_number(), 0);
    out << "last";  // flushed when the buffer goes
    expected += "last";
  }
  pipe.close_write();
  reader.join();
  EXPECT_EQ(received, expected);
}

TEST(DescriptorBuffer, RemembersWhyItFailed) {
  const int full = ::open("/dev/full", O_WRONLY);
  ASSERT_GE(full, 0);
  DescriptorBuffer buffer(full);
  std::ostream out(&buffer);
  out << "some" << std::flush;
  EXPECT_FALSE(out);
  EXPECT_EQ(buffer.error_number(), ENOSPC);
  ::close(full);
}

TEST(DescriptorBuffer, ABrokenPipeIsAnErrorNumber) {
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  Pipe pipe;
  pipe.close_read();
  EXPECT_EQ(write_all(pipe.ends[1], "x", 1), EPIPE);
  std::signal(SIGPIPE, before);
}

TEST(DescriptorBuffer, AClosedDescriptorIsAnErrorNumber) { EXPECT_EQ(write_all(-1, "x", 1), EBADF); }

}  // namespace
}  // namespace ndcat
