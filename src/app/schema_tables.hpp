// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"

#include "choices.hpp"
#include "schema_key.hpp"

/// The keys of [[table]].
namespace tessera::schema {

template <class Visitor>
void visit(Visitor& v, RareSpec& rare) {
  v.value({"min_share", "of the customers with a value; a category of less is rare", "share", 0, 1},
          rare.min_share);
  v.value({"name", "what all rare categories become"}, rare.name);
}

template <class Visitor>
void visit(Visitor& v, ColumnSpec& column) {
  v.choice({"type", "how the text is read"}, column.type, kColumnTypes);
  v.value({"min", "smallest value allowed", "the column's"}, column.min);
  v.value({"max", "largest value allowed", "the column's"}, column.max);
  v.choice({"out_of_range",
            "what becomes of a value outside: its row is rejected, it is missing, or it is the "
            "bound"},
           column.out_of_range, kOutOfRange);
  v.value({"missing", "fields that mean \"no value\""}, column.missing);
  v.value({"source",
           "field of the files that is read, so that two columns may share one; empty: the column's name"},
          column.source);
  v.value({"date_format",
           "%Y %y %m %d %H %M %S %b and what stands between them, as \"%d.%m.%Y\"; \"birth_number\": %y%m%d "
           "with 50 "
           "added to the month of women; empty: YYYY-MM-DD [hh:mm[:ss]]"},
          column.date_format);
  v.value({"century_pivot", "two-digit years below it are 20xx, the others 19xx", "", 0, 100},
          column.century_pivot);
  v.choice({"part", "sex: of date_format = \"birth_number\", as a category of female and male"}, column.part,
           kFieldParts);
  v.value({"sensitive", "for aggregates only: never written for single customers"}, column.sensitive);
  v.value({"trim",
           "without blanks around a category; around numbers and dates they never count, ids are taken "
           "as they are"},
          column.trim);
  v.value({"fold_case", "categories in lower case (ASCII, Latin, Greek, Cyrillic)"}, column.fold_case);
  v.value({"map",
           "{ \"M\" = \"male\" }: categories by others, after trimming and folding; a token of `missing` "
           "means no value"},
          column.map);
  v.optional_section({"rare", "categories that few customers have become one"}, column.rare);
  v.value({"max_missing", "instead of quality.max_missing", "share of customers", 0, 1}, column.max_missing);
}

template <class Visitor>
void visit(Visitor& v, TableSpec& table) {
  v.value({.name = "name", .help = "what features call the table", .required = true}, table.name);
  v.value(
      {.name = "path", .help = "files or globs, read in the order of their sorted paths", .required = true},
      table.path);
  v.choice(
      {"format", "csv: .gz and .zst are unpacked while reading; parquet: where Arrow C++ was there at build"},
      table.format, kFormats);
  v.value({"dataset",
           "for hdf5: a dataset of records (a compound type), or a group with a dataset for each column"},
          table.dataset);
  v.value({"delimiter", "one character between fields"}, table.delimiter);
  v.value({"quoted", "double quotes enclose fields (RFC 4180); false: quotes are ordinary characters"},
          table.quoted);
  v.choice({"encoding", "of the files; category values become UTF-8"}, table.encoding, kEncodings);
  v.value({"decimal", "mark before the fraction of a number: \".\" or \",\""}, table.decimal);
  v.value({"thousands",
           "mark between groups of three digits: \".\", \",\", \"'\", \"_\" or a blank; empty: none"},
          table.thousands);
  v.value({"header", "column names in order, for files without a header record"}, table.header);
  v.value({"key", "field with the customer id; empty: the row's ordinal is the id"}, table.key);
  v.choice({"duplicates", "what to do with repeated ids; first and last go by order_by"}, table.duplicates,
           kDuplicates);
  v.value({"order_by", "column that orders repeated ids, or the owners of a link"}, table.order_by);
  v.section({"on_bad_row", "rows that do not parse or break a range"}, [&](Visitor& inner) {
    inner.value({"max_fraction", "share of rejected rows above which the run stops", "share of rows", 0, 1},
                table.max_reject_fraction);
  });
  v.value({"via", "table that tells whose rows with this key are; empty: the key is the customer's id"},
          table.via);
  v.choice({"owners",
            "with via: who gets a row whose link has several customers; first goes by the other "
            "table's order_by"},
           table.owners, kOwners);
  v.value({"link", "of a table that others name in via: id column of what belongs to the customer"},
          table.link);
  v.value({"where", "with link: rows that are links, as in [[feature]]"}, table.where);
  v.value({"date", "date or datetime column that says when a row happened, for aggregates"}, table.date);
  v.value({"max_record_bytes", "a longer record is an error", "bytes", 64, 1e9}, table.max_record_bytes);
  v.value({"max_categories", "distinct values that a category column may have", "values", 1, 1e8},
          table.max_categories);
  v.named_sections({"column", "one table for each column that is read, [table.column.NAME]"}, table.columns);
}

}  // namespace tessera::schema
