// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/byte_source.hpp"

#include "tessera/core/error.hpp"

#include <algorithm>

#include "io/temporary_folder.hpp"
#include "mpi/main.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace tessera {
namespace {

using test::gzipped;
using test::TemporaryFolder;
using test::zstandard;
using testing::HasSubstr;

FileEntry entry(std::string const& path) {
  return {path, std::filesystem::file_size(path), compression_of(path)};
}

std::string read_all(ByteSource& source, std::size_t portion) {
  std::string text;
  std::string buffer(portion, '\0');
  for (std::size_t got = portion; got == portion;) {
    got = source.read(buffer);
    text.append(buffer, 0, got);
  }
  return text;
}

std::string numbers(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += std::to_string(i) + (i % 10 == 9 ? "\n" : ";");
  return text;
}

template <class Work>
std::string message_of(Work&& work) {
  try {
    work();
  } catch (InputError const& error) {
    EXPECT_FALSE(error.why().empty());
    EXPECT_FALSE(error.remedy().empty());
    return error.what_is_wrong();
  }
  return "no InputError";
}

TEST(ByteSource, reads_plain_gzip_and_zstd_alike_in_any_portions) {
  TemporaryFolder const folder(test::world());
  std::string const text = numbers(200'000);
  for (auto const& path : {folder.write("a.csv", text), folder.write("a.csv.gz", gzipped(text)),
                           folder.write("a.csv.zst", zstandard(text))}) {
    for (std::size_t const portion : {std::size_t{977}, std::size_t{65536}, 2 * text.size()}) {
      EXPECT_EQ(read_all(*open_content(entry(path)), portion), text) << path << ' ' << portion;
    }
  }
}

TEST(ByteSource, joins_the_members_of_gzip_and_the_frames_of_zstd) {
  TemporaryFolder const folder(test::world());
  auto const gz = folder.write("a.gz", gzipped("one\n") + gzipped("") + gzipped("two\n"));
  auto const zst = folder.write("a.zst", zstandard("one\n") + zstandard("") + zstandard("two\n"));
  EXPECT_EQ(read_all(*open_content(entry(gz)), 3), "one\ntwo\n");
  EXPECT_EQ(read_all(*open_content(entry(zst)), 3), "one\ntwo\n");
}

TEST(ByteSource, continues_from_memory_to_disk_without_a_seam) {
  TemporaryFolder const folder(test::world());
  std::string const text = numbers(1000);
  auto const file = entry(folder.write("a.csv", text));
  std::span const kept(text.data() + 100, 500);
  for (std::size_t const portion : {1U, 7U, 499U, 500U, 501U, 10'000U}) {
    EXPECT_EQ(read_all(*continue_kept(kept, file, 100), portion), text.substr(100)) << portion;
  }
  EXPECT_EQ(read_all(*open_raw(file, 100), 64), text.substr(100));
}

TEST(ByteSource, refuses_damaged_and_truncated_compressed_files) {
  TemporaryFolder const folder(test::world());
  std::string const text = numbers(50'000);
  auto const expect_refusal = [&](std::string const& name, std::string const& content, char const* how) {
    auto const path = folder.write(name, content);
    std::string const message = message_of([&] { read_all(*open_content(entry(path)), 4096); });
    EXPECT_THAT(message, HasSubstr(path));
    EXPECT_THAT(message, HasSubstr(how));
  };
  for (std::string const ending : {".gz", ".zst"}) {
    std::string const whole = ending == ".gz" ? gzipped(text) : zstandard(text);
    std::string flipped = whole;
    for (std::size_t i = whole.size() / 2; i < whole.size() / 2 + 40; ++i)
      flipped[i] = static_cast<char>(~whole[i]);
    expect_refusal("flipped" + ending, flipped, "not a sound");
    expect_refusal("cut" + ending, whole.substr(0, whole.size() / 2), "ends in the middle");
    expect_refusal("plain" + ending, text, "not a sound");
    expect_refusal("tail" + ending, whole + "rest", "not a sound");
  }
}

TEST(ByteSource, names_a_file_that_cannot_be_opened) {
  TemporaryFolder const folder(test::world());
  // root may open anything that can be opened at all: a socket cannot
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::string const path = folder / "s";
  std::copy(path.begin(), path.end(), address.sun_path);
  int const socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(::bind(socket, reinterpret_cast<sockaddr const*>(&address), sizeof address), 0);
  EXPECT_THAT(message_of([&] {
                (void)open_raw({path, 10, Compression::none});
              }),
              HasSubstr("'" + path + "' cannot be opened"));
  ::close(socket);
}

TEST(ByteSource, names_a_file_that_fails_while_it_is_read) {
  char byte;
  auto const source = open_raw({"/proc/self/mem", 10, Compression::none});  // nothing is mapped at address 0
  EXPECT_THAT(message_of([&] {
                (void)source->read({&byte, 1});
              }),
              HasSubstr("'/proc/self/mem' cannot be read"));
}

TEST(ByteSource, notices_a_file_that_became_shorter) {
  TemporaryFolder const folder(test::world());
  auto file = entry(folder.write("a.csv", "1234567"));
  file.bytes = 8;
  std::string buffer(100, '\0');
  EXPECT_THAT(message_of([&] { (void)open_raw(file)->read(buffer); }), HasSubstr("became shorter"));
}

}  // namespace
}  // namespace tessera
