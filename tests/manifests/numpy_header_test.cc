// What NumPy itself writes and reads is in test_headers_numpy.py; here is what must be refused, and how it is
// said.
#include "manifests/numpy_header.h"

#include <gtest/gtest.h>

#include <string>

namespace ndcat {
namespace {

std::string header(const std::string& text, int version = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += static_cast<char>(version);
  bytes += '\0';
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  for (std::size_t i = 0; i < length_bytes; ++i) bytes += static_cast<char>(text.size() >> (8 * i) & 0xFFU);
  return bytes + text;
}
std::string error_of(const std::string& bytes) {
  const Result<NumpyHeader> parsed = parse_numpy_header(bytes);
  EXPECT_FALSE(parsed.ok()) << bytes;
  return parsed ? "" : parsed.error().message;
}
std::string error_of_text(const std::string& text) { return error_of(header(text)); }

TEST(NumpyHeader, ReadsWhatPython2Wrote) {
  const Result<NumpyHeader> parsed = parse_numpy_header(
      header("{'shape': (10L, 3L), 'fortran_order': True,\n u'descr': '>f8', }   \n") + "the array");
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  EXPECT_EQ(parsed->dtype, Dtype::simple(Kind::floating, 8, ByteOrder::big));
  EXPECT_EQ(parsed->shape, (Shape{10, 3}));
  EXPECT_EQ(parsed->order, Order::f);
  EXPECT_EQ(parsed->length, 77);
}

TEST(NumpyHeader, LengthNeedsTwelveBytesOnly) {
  const std::string bytes = header(std::string(100, ' '), 2);
  const Result<Index> length = numpy_header_length(std::string_view(bytes).substr(0, 12));
  ASSERT_TRUE(length.ok());
  EXPECT_EQ(*length, 112);
  for (std::size_t size = 6; size < 12; ++size) {
    const Result<Index> cut = numpy_header_length(std::string_view(bytes).substr(0, size));
    ASSERT_FALSE(cut.ok());
    EXPECT_EQ(cut.error().message,
              "the file ends within its NumPy header, after " + std::to_string(size) + " bytes");
  }
  EXPECT_TRUE(has_numpy_magic(bytes));
  EXPECT_FALSE(has_numpy_magic("\x93NUMP"));
  EXPECT_EQ(numpy_header_length("PK\x03\x04 and more").error().message,
            "this is no NumPy file: it does not begin with \\x93NUMPY");
}

TEST(NumpyHeader, RefusesTwoGibibytesWithoutReadingThem) {
  const std::string bytes = std::string("\x93NUMPY\x02\x00", 8) + std::string("\x00\x00\x00\x80", 4);
  const Result<Index> length = numpy_header_length(bytes);
  ASSERT_FALSE(length.ok());
  EXPECT_EQ(length.error().message,
            "the NumPy header claims to be 2147483660 bytes long; at most 1048576 are read");
  EXPECT_EQ(error_of(bytes), length.error().message);
}

TEST(NumpyHeader, RefusesUnknownVersions) {
  EXPECT_EQ(error_of(std::string("\x93NUMPY\x04\x00        ", 16)),
            "NumPy format version 4.0 is unknown; versions 1.0, 2.0 and 3.0 are");
  EXPECT_EQ(error_of(std::string("\x93NUMPY\x01\x01        ", 16)),
            "NumPy format version 1.1 is unknown; versions 1.0, 2.0 and 3.0 are");
}

TEST(NumpyHeader, RefusesCutHeaders) {
  const std::string bytes = header("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }\n");
  EXPECT_EQ(error_of(bytes.substr(0, 30)),
            "the file ends within its NumPy header: 68 bytes are claimed, 30 are there");
}

TEST(NumpyHeader, NeedsExactlyItsThreeKeys) {
  EXPECT_EQ(error_of_text("{'descr': '<f8', 'fortran_order': False}"),
            "the NumPy header is malformed: the key \"shape\" is missing");
  EXPECT_EQ(error_of_text("{'descr': '<f8', 'fortran_order': False, 'shape': (), 'x': 1}"),
            "the NumPy header is malformed: at byte 54: the key \"x\" is unknown; the keys are \"descr\", "
            "\"fortran_order\" and \"shape\"");
  EXPECT_EQ(error_of_text("{'descr': '<f8', 'fortran_order': False, 'shape': (), 'shape': (1,)}"),
            "the NumPy header is malformed: at byte 54: the key \"shape\" occurs twice");
  EXPECT_EQ(error_of_text("{1: 2}"),
            "the NumPy header is malformed: at byte 1: expected a str as a key, found an int");
  EXPECT_EQ(error_of_text("('descr',)"),
            "the NumPy header is malformed: at byte 0: expected a dict, found a tuple");
}

TEST(NumpyHeader, RefusesShapesThatAreNone) {
  const auto error = [](const std::string& shape) {
    return error_of_text("{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + "}");
  };
  const std::string malformed = "the NumPy header is malformed: at byte ";
  EXPECT_EQ(error("(True,)"), malformed + "51: expected an int in the shape, found a bool");
  EXPECT_EQ(error("(3, -1)"), malformed + "54: an extent of the shape is negative (-1)");
  EXPECT_EQ(error("(9223372036854775808L,)"),
            malformed + "51: an extent of the shape does not fit into 64 bits");
  EXPECT_EQ(error("(1" + std::string(5000, '0') + ",)"),
            malformed + "51: an extent of the shape does not fit into 64 bits");
  EXPECT_EQ(error("[3]"), malformed + "50: expected the shape as a tuple, found a list");
  EXPECT_EQ(error("3"), malformed + "50: expected the shape as a tuple, found an int");
  std::string many;
  for (int i = 0; i < 33; ++i) many += "1,";
  EXPECT_EQ(error("(" + many + ")"), "the array has 33 axes; at most 32 are possible");
}

TEST(NumpyHeader, RefusesObjectsExpressionsAndOtherValues) {
  const auto error = [](const std::string& descr) {
    return error_of_text("{'descr': " + descr + ", 'fortran_order': False, 'shape': (3,)}");
  };
  EXPECT_EQ(error("'|O'"),
            "the \"descr\" of the NumPy header: the dtype \"|O\" means Python objects; their files hold "
            "pickles, which are never read");
  EXPECT_EQ(error("[('a', '<f8'), ('b', 'O')]"),
            "the \"descr\" of the NumPy header: field \"b\": the dtype \"O\" means Python objects; their "
            "files hold "
            "pickles, which are never read");
  EXPECT_EQ(error("np.dtype('f8')"),
            "the NumPy header is malformed: at byte 10: found the name \"np\"; only literals "
            "are read, nothing is evaluated");
  EXPECT_EQ(error("('<f8', (2,))"),
            "the \"descr\" of the NumPy header: the dtype is a sub-array, which np.save never "
            "writes for a whole array");
  EXPECT_EQ(error("[('', '<f8')]"),
            "the \"descr\" of the NumPy header: at byte 12: expected the name of a field that "
            "is no padding, found a str \"\"");
  EXPECT_EQ(error("b'<f8'"),
            "the \"descr\" of the NumPy header: at byte 10: expected a dtype as a str or a list of "
            "fields, found a bytes object");
  EXPECT_NE(error("[('\\ud800', '<f8')]").find("lone surrogates"), std::string::npos);
  EXPECT_EQ(
      error_of_text("{'descr': '<f8', 'fortran_order': 1, 'shape': (3,)}"),
      "the NumPy header is malformed: at byte 34: expected True or False as \"fortran_order\", found an int");
  EXPECT_EQ(error_of_text("cos\nsystem\n"),
            "the NumPy header is malformed: at byte 0: found the name \"cos\"; only "
            "literals are read, nothing is evaluated");
}

TEST(NumpyHeader, GrowsInItsPlace) {
  const Dtype f8 = Dtype::simple(Kind::floating, 8);
  for (const Order order : {Order::c, Order::f}) {
    const std::string small = *write_numpy_header(f8, {3, 5}, order);
    const Shape larger = order == Order::c ? Shape{1234567, 5} : Shape{3, 1234567};
    EXPECT_EQ(grown_numpy_header(small, 1234567), *write_numpy_header(f8, larger, order));
    EXPECT_EQ(grown_numpy_header(*write_numpy_header(f8, larger, order), order == Order::c ? 3 : 5), small);
    EXPECT_TRUE(has_grown(small, *grown_numpy_header(small, 7)));
    EXPECT_FALSE(has_grown(*grown_numpy_header(small, 7), small));
    EXPECT_FALSE(has_grown(small, *write_numpy_header(f8, {3, 6}, order)) && order == Order::c);
  }
  EXPECT_FALSE(has_grown(*write_numpy_header(f8, {3}, Order::c), "no header"));
}

TEST(NumpyHeader, GrowsOnlyWhereThereIsRoom) {
  const std::string text = "{'shape': (9L, 3L), 'fortran_order': False, 'descr': '<f8'}";
  EXPECT_EQ(grown_numpy_header(header(text), 8),
            header("{'shape': (8L, 3L), 'fortran_order': False, 'descr': '<f8'}"));
  EXPECT_EQ(grown_numpy_header(header(text), 10), std::nullopt);
  EXPECT_EQ(grown_numpy_header(header(text + " "), 10),
            header("{'shape': (10L, 3L), 'fortran_order': False, 'descr': '<f8'}"));
  EXPECT_EQ(grown_numpy_header(header("{'shape': (), 'fortran_order': False, 'descr': '<f8'}  "), 1),
            std::nullopt);
}

TEST(NumpyHeader, NestedStructuresAreBounded) {
  std::string descr = "'<f8'";
  for (int i = 0; i < 95; ++i) descr = "[('a', " + descr + ")]";
  EXPECT_NE(
      error_of_text("{'descr': " + descr + ", 'fortran_order': False, 'shape': ()}").find("90 levels deep"),
      std::string::npos);
}

TEST(NumpyHeader, OverlappingFieldsAreRefusedAsNumpyRefusesThem) {
  const Dtype f8 = Dtype::simple(Kind::floating, 8);
  for (const Index second : {0, 4}) {
    const Result<Dtype> dtype = Dtype::structured({{"a", "", f8, {}, 0}, {"b", "", f8, {}, second}}, 16);
    ASSERT_TRUE(dtype.ok());
    const Result<std::string> written = write_numpy_header(*dtype, {3}, Order::c);
    ASSERT_FALSE(written.ok());
    EXPECT_EQ(
        written.error().message,
        "field \"b\" overlaps the field before it or comes out of order, which no NumPy header can say");
  }
}

}  // namespace
}  // namespace ndcat
