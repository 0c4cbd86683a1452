// SPDX-License-Identifier: Apache-2.0
#include "tessera/app/key_file.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/comm/text.hpp"
#include "tessera/core/digest.hpp"
#include "tessera/core/error.hpp"
#include "tessera/kernel/key_lanes.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "../io/temporary_folder.hpp"
#include "mpi/main.hpp"
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tessera {
namespace {

using test::TemporaryFolder;
using test::world;

constexpr std::uint8_t kMask = 0xA5;

/// Byte i of the key of these tests, never in memory as it is but while a file is written.
constexpr std::uint8_t masked(std::size_t i) {
  return static_cast<std::uint8_t>((0xD3 + 37 * i) ^ kMask);
}

/// *Collective.* A file with the key, written past every buffer.
void write_key(std::string const& path, mode_t mode) {
  if (world().rank() == 0) {
    int const file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    for (std::size_t i = 0; i < 32; ++i) {
      char const* const digits = "0123456789abcdef";
      auto const byte = static_cast<std::uint8_t>(masked(i) ^ kMask);
      char const pair[2] = {digits[byte >> 4], digits[byte & 15]};
      ASSERT_EQ(::write(file, pair, 2), 2);
    }
    ASSERT_EQ(::write(file, "\n", 1), 1);
    ::fchmod(file, mode);
    ::close(file);
  }
  barrier(world());
}

struct Found {
  int bytes = 0, digits = 0;
};

/// How often bytes that are computed one by one follow each other; they are compared nowhere but here.
template <class At>
int count(std::span<std::uint8_t const> memory, std::size_t length, At&& at) {
  int found = 0;
  for (std::size_t from = 0; from + length <= memory.size(); ++from) {
    auto const* const first =
        static_cast<std::uint8_t const*>(std::memchr(memory.data() + from, at(0), memory.size() - from));
    if (first == nullptr) break;
    from = static_cast<std::size_t>(first - memory.data());
    std::size_t same = 1;
    while (same < length && from + same < memory.size() && memory[from + same] == at(same)) ++same;
    found += same == length ? 1 : 0;
  }
  return found;
}

/// Looks through all memory of the process that can be written for the key's bytes and its digits.
Found find_key_in_memory() {
  Found found;
  std::ifstream maps("/proc/self/maps");
  int const memory = ::open("/proc/self/mem", O_RDONLY);
  constexpr std::size_t kPiece = 1 << 20, kOverlap = 64;
  std::vector<std::uint8_t> piece(kPiece);
  auto const digit_at = [](std::size_t i) {
    auto const byte = static_cast<unsigned>(masked(i / 2) ^ kMask);
    return static_cast<std::uint8_t>("0123456789abcdef"[i % 2 == 0 ? byte >> 4 : byte & 15]);
  };
  for (std::string line; std::getline(maps, line);) {
    unsigned long begin = 0, end = 0;
    char mode[5] = {};
    if (std::sscanf(line.c_str(), "%lx-%lx %4s", &begin, &end, mode) != 3 || mode[0] != 'r' || mode[1] != 'w')
      continue;
    for (auto at = begin; at < end; at += kPiece - kOverlap) {
      auto const got =
          ::pread(memory, piece.data(), std::min<std::size_t>(kPiece, end - at), static_cast<off_t>(at));
      if (got <= 0) break;
      auto const size = static_cast<std::size_t>(got);
      found.bytes += count(std::span(piece).first(size), 32,
                           [](std::size_t i) { return static_cast<std::uint8_t>(masked(i) ^ kMask); });
      found.digits += count(std::span(piece).first(size), 64, digit_at);
    }
  }
  ::close(memory);
  return found;
}

TEST(KeyFile, makes_the_same_hasher_on_all_ranks_and_leaves_nothing_in_memory) {
  TemporaryFolder const folder(world());
  auto const path = folder / "pseudonym.key";
  write_key(path, 0600);
  {
    std::optional<KeyHasher> hasher(load_key(world(), path));
    kernel::KeyLanes const lanes(*hasher);
    std::array<std::uint8_t, 16> const own = (*hasher)("C1").bytes();
    auto first = own;
    broadcast(world(), std::span<std::uint8_t>(first), 0);
    EXPECT_EQ(own, first);
    EXPECT_EQ(key_check(*hasher), broadcast_text(world(), key_check(*hasher), 0));
    EXPECT_GT(find_key_in_memory().bytes, 0) << "the search finds what is there";
    hasher->forget();
    hasher.reset();
  }
  auto const left = find_key_in_memory();
  EXPECT_EQ(left.bytes, 0);
  EXPECT_EQ(left.digits, 0);
}

std::string refusal(std::string const& path) {
  try {
    static_cast<void>(load_key(world(), path, "--key"));
  } catch (Error const& error) {
    EXPECT_EQ(error.code(), ExitCode::configuration);
    EXPECT_NE(std::string(error.what()).find("--key = \"" + path), std::string::npos) << error.what();
    return error.what_is_wrong();
  }
  ADD_FAILURE() << "was accepted";
  return "";
}

TEST(KeyFile, that_is_refused_leaves_nothing_in_memory_either) {
  TemporaryFolder const folder(world());
  auto const path = folder / "long.key";
  write_key(path, 0600);
  if (world().rank() == 0) {
    int const file = ::open(path.c_str(), O_WRONLY | O_APPEND);
    ASSERT_EQ(::write(file, "00\n", 3), 3);
    ::close(file);
  }
  barrier(world());
  EXPECT_NE(refusal(path).find("64 hexadecimal digits"), std::string::npos);
  auto const left = find_key_in_memory();
  EXPECT_EQ(left.bytes, 0);
  EXPECT_EQ(left.digits, 0);
}

TEST(KeyFile, with_more_behind_the_key_than_is_read_is_refused) {
  TemporaryFolder const folder(world());
  auto const path = folder / "pseudonym.key";
  auto const with_blanks = [&](std::size_t blanks, std::string const& end) {
    write_key(path, 0600);
    if (world().rank() == 0) std::ofstream(path, std::ios::app) << std::string(blanks, ' ') << end;
    barrier(world());
  };
  with_blanks(150, "\n");
  EXPECT_NO_THROW(static_cast<void>(load_key(world(), path)));
  with_blanks(1000, "and more");
  EXPECT_NE(refusal(path).find("64 hexadecimal digits"), std::string::npos);
  with_blanks(256, "");
  EXPECT_NE(refusal(path).find("64 hexadecimal digits"), std::string::npos);
}

TEST(KeyFile, open_to_others_missing_or_of_another_kind_is_refused_on_all_ranks) {
  TemporaryFolder const folder(world());
  auto const path = folder / "pseudonym.key";
  for (mode_t const mode : {0640U, 0604U, 0610U, 0601U, 0660U, 0666U}) {
    write_key(path, mode);
    EXPECT_NE(refusal(path).find("open to group or others"), std::string::npos) << mode;
  }
  for (mode_t const mode : {0600U, 0400U}) {
    write_key(path, mode);
    EXPECT_NO_THROW(static_cast<void>(load_key(world(), path))) << mode;
  }
  EXPECT_NE(refusal(folder / "none.key").find("is not a file"), std::string::npos);
  EXPECT_NE(refusal(folder.path()).find("is not a file"), std::string::npos);
}

TEST(KeyFile, that_is_made_holds_another_key_each_time_and_is_never_replaced) {
  TemporaryFolder const folder(world());
  if (world().rank() == 0) {
    for (auto const* name : {"a.key", "b.key"}) {
      create_key_file(folder / name);
      struct stat status {};
      ASSERT_EQ(stat((folder / name).c_str(), &status), 0);
      EXPECT_EQ(status.st_mode & 0777, 0600);
      EXPECT_EQ(status.st_size, 65);
    }
    EXPECT_THROW(create_key_file(folder / "a.key"), ConfigurationError);
    EXPECT_THROW(create_key_file(folder / "no/where.key"), ConfigurationError);
  }
  barrier(world());
  auto const a = key_check(load_key(world(), folder / "a.key")),
             again = key_check(load_key(world(), folder / "a.key"));
  EXPECT_EQ(a, again);
  EXPECT_NE(a, key_check(load_key(world(), folder / "b.key")));
  EXPECT_NE(a, key_check(KeyHasher()));
}

TEST(KeyFile, check_value_is_pythons_and_no_pseudonym) {
  // hashlib.blake2b(b"tessera key check", key=bytes(32), digest_size=32).hexdigest()
  KeyHasher const zero;
  EXPECT_EQ(key_check(zero), "8d35783952f5130f102080c8889c2e9d765f534af6029d2c77e0506f727c6006");
  EXPECT_NE(key_check(zero).substr(0, 32), hex(zero("tessera key check").bytes()));
}

}  // namespace
}  // namespace tessera
