// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "export_job.hpp"

/// Items as an export names them.
namespace tessera {

/// *Collective.* Replaces names by those of a file with a line `item,name` or `item<tab>name` for each item;
/// others stay. Throws ConfigurationError when the file cannot be read, a line is of another form, an item
/// comes twice, or none of them is an item of the result.
void rename_items(Communicator const& comm, std::string const& path, std::vector<std::string>& names);

/// Local. The least support that is asked for; 0 where none is.
[[nodiscard]] std::int64_t asked_support(ExportJob const& job);

/// *Collective.* Says how many of what was asked for are not shown because of the least cell, if any.
void tell_left_out(ExportJob const& job, std::uint64_t left_out_here, std::string_view what);

/// Appends lists of items: in CSV joined by " & ", in JSON an array of strings, for SPMF whole numbers.
class ItemLists {
 public:
  ItemLists(std::vector<std::string> const& names, ExportFormat format);

  /// What an SPMF file begins with, where names are not whole numbers themselves: the number of each name.
  [[nodiscard]] std::string const& spmf_header() const noexcept { return spmf_header_; }
  /// Local. Precondition: indices of names.
  void append(std::span<std::int32_t const> items, std::string& out) const;

 private:
  ExportFormat format_;
  std::vector<std::string> text_;      ///< [items] escaped
  std::vector<std::uint8_t> special_;  ///< [items] 1: a CSV value that holds it is quoted
  std::string spmf_header_;
};

}  // namespace tessera
