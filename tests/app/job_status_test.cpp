// SPDX-License-Identifier: Apache-2.0
#include "../src/app/job_status.hpp"

#include "tessera/core/error.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "../src/app/flat_json.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {

namespace {

using testing::HasSubstr;
using testing::Not;

JobStatus running() {
  JobStatus s;
  s.command = "run";
  s.name = "quarterly \"Q3\"\\\n\x1b[31m \xff größe";
  s.version = "1";
  s.host = "n1";
  s.slurm_job = "77";
  s.pid = 4242;
  s.ranks = 8;
  s.restarts = 1;
  s.started = 1'800'000'000.25;
  s.renewed = s.started + 100;
  s.renew_seconds = 2;
  s.stage = "kmeans";
  s.stage_number = 7;
  s.stage_seconds = 12.5;
  s.share = 0.25;
  s.rate = 1.5;
  s.seconds_left = 3661;
  s.detail = "iteration 3";
  s.memory_bytes = 1'500'000'000;
  return s;
}

void is_refused(std::string const& text, std::string const& says) {
  try {
    static_cast<void>(job_status_of(text, "there/status.json"));
    ADD_FAILURE() << "taken for a status: " << text;
  } catch (InputError const& error) {
    EXPECT_THAT(error.what(), HasSubstr("there/status.json"));
    EXPECT_THAT(error.what(), HasSubstr(says));
  }
}

std::string replaced(std::string text, std::string const& from, std::string const& to) {
  auto const at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(FlatJson, reads_back_what_it_writes) {
  FlatJson json(FlatJson::Layout::line);
  json.text("a", "say \"hi\"\t\\ \n").count("b", 18'446'744'073'709'551'615U).real("c", 0.5);
  auto const text = json.str();
  EXPECT_EQ(text.find('\n'), text.size() - 1);  // one line
  auto const members = read_flat_json(text, "x");
  EXPECT_EQ(members.at("a"), "say \"hi\"\t\\ \n");
  EXPECT_EQ(members.at("b"), "18446744073709551615");
  EXPECT_EQ(members.at("c"), "0.500");
}

TEST(FlatJson, writes_null_for_what_is_no_number) {
  FlatJson json(FlatJson::Layout::line);
  json.real("a", std::nullopt).real("b", std::nan("")).real("c", std::numeric_limits<double>::infinity());
  EXPECT_EQ(json.str(), "{\"a\": null, \"b\": null, \"c\": null}\n");
}

TEST(FlatJson, refuses_anything_else) {
  for (auto const* const text :
       {"", "[]", "{", "{\"a\"}", "{\"a\": }", "{\"a\": 1,}", "{\"a\": {}}", "{\"a\": 1} 2", "{\"a\": \"b",
        "{\"a\": \"\\x\"}", "{\"a\": \"\\u00G0\"}", "{\"a\": \"\\u00\"}", "{\"a\": \"\n\"}", "{a: 1}",
        "{\"a\": 1 \"b\": 2}", "{\"a\": \"\\u1234\"}"}) {
    EXPECT_THROW(static_cast<void>(read_flat_json(text, "x")), InputError) << text;
  }
  EXPECT_TRUE(read_flat_json(" { } ", "x").empty());
}

TEST(JobStatus, comes_back_from_its_json) {
  auto const s = running();
  auto const back = job_status_of(to_json(s), "x");
  EXPECT_EQ(to_json(back), to_json(s));
  EXPECT_EQ(back.state, JobStatus::State::running);
  EXPECT_EQ(back.pid, 4242U);
  EXPECT_DOUBLE_EQ(back.started, s.started);
  EXPECT_EQ(back.share, 0.25);
  EXPECT_EQ(back.name,
            "quarterly \"Q3\"\\\n\\x1b[31m \\xff gr\\xc3\\xb6\\xc3\\x9fe");  // not UTF-8 as a whole
}

TEST(JobStatus, comes_back_where_nothing_is_known_yet) {
  JobStatus s;
  auto const back = job_status_of(to_json(s), "x");
  EXPECT_FALSE(back.share || back.rate || back.seconds_left);
  EXPECT_EQ(back.stage, "");
}

TEST(JobStatus, keeps_how_the_job_ended) {
  auto s = running();
  s.state = JobStatus::State::failed;
  s.exit_code = 3;
  s.message = "column 'x' is missing";
  auto const back = job_status_of(to_json(s), "x");
  EXPECT_EQ(back.state, JobStatus::State::failed);
  EXPECT_EQ(back.exit_code, 3U);
  auto const words = in_words(back, s.renewed + 1e6);
  EXPECT_THAT(words,
              HasSubstr("failed after 0:01:40, exit code 3, in stage 7 (kmeans)\ncolumn 'x' is missing"));
}

TEST(JobStatus, is_refused_where_it_is_not_what_it_should_be) {
  auto const text = to_json(running());
  is_refused(replaced(text, "\"running\"", "\"asleep\""), "\"state\"");
  is_refused(replaced(text, "4242", "-1"), "\"pid\"");
  is_refused(replaced(text, "4242", "99999999999999999999"), "\"pid\"");
  is_refused(replaced(text, "\"ranks\"", "\"hanks\""), "\"ranks\"");
  is_refused(replaced(text, "\"share\": 0.250", "\"share\": nan"), "\"share\"");
  is_refused(replaced(text, "\"renew_seconds\": 2.000", "\"renew_seconds\": inf"), "\"renew_seconds\"");
  is_refused("hello", "is not a status");
}

TEST(JobStatus, is_stale_when_a_running_job_gives_no_sign_of_life) {
  auto s = running();
  EXPECT_FALSE(is_stale(s, s.renewed + 10));
  EXPECT_FALSE(is_stale(s, s.renewed - 1000));  // clocks differ
  EXPECT_TRUE(is_stale(s, s.renewed + 100));
  EXPECT_THAT(in_words(s, s.renewed + 100), HasSubstr("STALE"));
  EXPECT_THAT(in_words(s, s.renewed + 100), HasSubstr("no sign of life for 0:01:40"));
  EXPECT_THAT(in_words(s, s.renewed + 1), Not(HasSubstr("STALE")));
  s.renew_seconds = 60;
  EXPECT_FALSE(is_stale(s, s.renewed + 100));
  s.state = JobStatus::State::done;
  EXPECT_FALSE(is_stale(s, s.renewed + 1e6));
}

TEST(JobStatus, tells_people_stage_share_rate_time_left_and_memory) {
  auto const words = in_words(running(), running().renewed + 1);
  for (auto const* const part :
       {"job 77", "restart 1", "8 ranks, process 4242 on n1", "running for 0:01:40",
        "stage 7: kmeans for 0:00:12, 25 %, 1.5 /s, 1:01:01 left, iteration 3", "1.5 GB"}) {
    EXPECT_THAT(words, HasSubstr(part));
  }
  EXPECT_THAT(words, Not(HasSubstr("\x1b")));
}

TEST(JobStatus, escapes_the_labels_of_its_metrics) {
  auto s = running();
  s.name = "a\"b\\c\nd";
  auto const text = to_prometheus(s);
  EXPECT_THAT(text, HasSubstr("tessera_job_running{name=\"a\\\"b\\\\c\\nd\",slurm_job=\"77\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("stage=\"kmeans\"} 0.25\n"));
  EXPECT_THAT(text, Not(HasSubstr("exit_code")));
  s.state = JobStatus::State::interrupted;
  s.exit_code = 5;
  EXPECT_THAT(to_prometheus(s),
              HasSubstr("tessera_job_exit_code{name=\"a\\\"b\\\\c\\nd\",slurm_job=\"77\"} 5\n"));
}

}  // namespace

}  // namespace tessera
