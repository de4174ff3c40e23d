// DescriptorBuffer: a stream buffer over a file descriptor that remembers why a write failed, which std::cout
// forgets.
#pragma once

#include <array>
#include <streambuf>

namespace ndcat {

/// Used by one thread. Does not own the descriptor. After the first failure it takes nothing more.
class DescriptorBuffer : public std::streambuf {
 public:
  explicit DescriptorBuffer(int descriptor) : descriptor_(descriptor) {
    setp(buffer_.data(), buffer_.data() + buffer_.size());
  }
  ~DescriptorBuffer() override { write_out(); }
  DescriptorBuffer(const DescriptorBuffer&) = delete;
  DescriptorBuffer& operator=(const DescriptorBuffer&) = delete;

  /// errno of the failed write; 0: none failed.
  [[nodiscard]] int error_number() const { return error_number_; }

 protected:
  int_type overflow(int_type c) override;
  int sync() override { return write_out() ? 0 : -1; }

 private:
  bool write_out();

  int descriptor_;
  int error_number_ = 0;
  std::array<char, 1 << 14> buffer_{};
};

/// All of the bytes, however many calls it takes. Returns 0 or errno.
[[nodiscard]] int write_all(int descriptor, const void* bytes, std::size_t count);

}  // namespace ndcat
