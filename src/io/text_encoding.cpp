// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/text_encoding.hpp"

#include "tessera/core/error.hpp"
#include "tessera/io/csv_text.hpp"

#include <cerrno>

#include <fmt/format.h>
#include <iconv.h>

namespace tessera {

namespace {

void append_latin1(std::string_view text, std::string& out) {
  for (char const c : text) {
    auto const code = static_cast<unsigned char>(c);
    if (code < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xC0 | code >> 6);
      out += static_cast<char>(0x80 | (code & 0x3F));
    }
  }
}

}  // namespace

std::string_view to_string(Encoding encoding) noexcept {
  switch (encoding) {
    case Encoding::gb18030:
      return "gb18030";
    case Encoding::gbk:
      return "gbk";
    case Encoding::latin1:
      return "latin-1";
    default:
      return "utf-8";
  }
}

void TextDecoder::Close::operator()(void* converter) const noexcept {
  ::iconv_close(converter);
}

void TextDecoder::open() {
  char const* const name = encoding_ == Encoding::gbk ? "GBK" : "GB18030";
  iconv_t const converter = ::iconv_open("UTF-8", name);
  if (converter == reinterpret_cast<iconv_t>(-1)) {
    throw ConfigurationError(
        fmt::format("the encoding {} is not known to iconv on this machine", to_string(encoding_)),
        "the files cannot be read as text",
        "install the system's character set modules on every node, or convert the files to UTF-8");
  }
  converter_.reset(converter);
}

bool TextDecoder::convert(std::string_view text, std::string& out) {
  if (converter_ == nullptr) open();
  ::iconv(converter_.get(), nullptr, nullptr, nullptr, nullptr);
  out.resize(2 * text.size() + 4);              // two bytes become at most three, four at most four
  char* from = const_cast<char*>(text.data());  // iconv leaves it as it is
  char* to = out.data();
  std::size_t from_left = text.size(), to_left = out.size();
  bool const valid = ::iconv(converter_.get(), &from, &from_left, &to, &to_left) == 0 && from_left == 0;
  out.resize(out.size() - to_left);
  return valid;
}

bool TextDecoder::decode(std::string_view text, std::string& out) {
  out.clear();
  switch (encoding_) {
    case Encoding::utf8:
      out = text;
      return tessera::is_utf8(text);
    case Encoding::latin1:
      append_latin1(text, out);
      return true;
    default:
      return convert(text, out);
  }
}

bool TextDecoder::is_valid(std::string_view text) {
  if (encoding_ == Encoding::utf8) return tessera::is_utf8(text);
  return encoding_ == Encoding::latin1 || convert(text, checked_);
}

}  // namespace tessera
