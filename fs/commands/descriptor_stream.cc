#include "fs/commands/descriptor_stream.h"

#include <unistd.h>

#include <cerrno>

namespace ndcat {

DescriptorBuffer::int_type DescriptorBuffer::overflow(int_type c) {
  if (!write_out()) return traits_type::eof();
  if (!traits_type::eq_int_type(c, traits_type::eof())) sputc(traits_type::to_char_type(c));
  return traits_type::not_eof(c);
}

bool DescriptorBuffer::write_out() {
  if (error_number_ == 0)
    error_number_ = write_all(descriptor_, pbase(), static_cast<std::size_t>(pptr() - pbase()));
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  return error_number_ == 0;
}

int write_all(int descriptor, const void* bytes, std::size_t count) {
  const char* rest = static_cast<const char*>(bytes);
  while (count > 0) {
    const ssize_t written = ::write(descriptor, rest, count);
    if (written < 0 && errno != EINTR) return errno;
    if (written < 0) continue;
    rest += written;
    count -= static_cast<std::size_t>(written);
  }
  return 0;
}

}  // namespace ndcat
