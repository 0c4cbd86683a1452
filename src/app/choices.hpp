// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

/// What the choices of a configuration are called, there and in results.
namespace tessera::schema {

template <class Enum>
using Choice = std::pair<std::string_view, Enum>;

inline constexpr std::array<Choice<TableFormat>, 3> kFormats{
    {{"csv", TableFormat::csv}, {"hdf5", TableFormat::hdf5}, {"parquet", TableFormat::parquet}}};
inline constexpr std::array<Choice<Duplicates>, 3> kDuplicates{
    {{"error", Duplicates::error}, {"first", Duplicates::first}, {"last", Duplicates::last}}};
inline constexpr std::array<Choice<Owners>, 2> kOwners{{{"first", Owners::first}, {"all", Owners::all}}};
inline constexpr std::array<Choice<ColumnType>, 6> kColumnTypes{{{"int", ColumnType::integer},
                                                                 {"float", ColumnType::real},
                                                                 {"category", ColumnType::category},
                                                                 {"date", ColumnType::date},
                                                                 {"datetime", ColumnType::datetime},
                                                                 {"id", ColumnType::id}}};
inline constexpr std::array<Choice<Encoding>, 4> kEncodings{{{"utf-8", Encoding::utf8},
                                                             {"gb18030", Encoding::gb18030},
                                                             {"gbk", Encoding::gbk},
                                                             {"latin-1", Encoding::latin1}}};
inline constexpr std::array<Choice<FieldPart>, 2> kFieldParts{
    {{"whole", FieldPart::whole}, {"sex", FieldPart::sex}}};
inline constexpr std::array<Choice<Transform>, 4> kTransforms{{{"none", Transform::none},
                                                               {"log1p", Transform::log1p},
                                                               {"sqrt", Transform::sqrt},
                                                               {"rank", Transform::rank}}};
inline constexpr std::array<Choice<Scale>, 4> kScales{
    {{"none", Scale::none}, {"zscore", Scale::zscore}, {"robust", Scale::robust}, {"minmax", Scale::minmax}}};
inline constexpr std::array<Choice<Impute>, 4> kImputes{{{"median", Impute::median},
                                                         {"mean", Impute::mean},
                                                         {"constant", Impute::constant},
                                                         {"group", Impute::group}}};
inline constexpr std::array<Choice<OutOfRange>, 3> kOutOfRange{
    {{"reject", OutOfRange::reject}, {"missing", OutOfRange::missing}, {"clamp", OutOfRange::clamp}}};
inline constexpr std::array<Choice<Encode>, 3> kCategoryEncodings{
    {{"none", Encode::none}, {"onehot", Encode::onehot}, {"frequency", Encode::frequency}}};
inline constexpr std::array<Choice<ReductionMethod>, 3> kReductions{
    {{"none", ReductionMethod::none},
     {"pca", ReductionMethod::principal_components},
     {"factors", ReductionMethod::factors}}};
inline constexpr std::array<Choice<Rotation>, 3> kRotations{
    {{"auto", Rotation::automatic}, {"none", Rotation::none}, {"varimax", Rotation::varimax}}};
inline constexpr std::array<Choice<ReductionUse>, 2> kReductionUses{
    {{"instead", ReductionUse::instead}, {"besides", ReductionUse::besides}}};
inline constexpr std::array<Choice<KMeansInit>, 4> kInits{{{"kmeans||", KMeansInit::kmeans_parallel},
                                                           {"kmeans++", KMeansInit::kmeans_plus_plus},
                                                           {"random", KMeansInit::random},
                                                           {"file", KMeansInit::given}}};
inline constexpr std::array<Choice<Distance>, 2> kDistances{
    {{"euclidean", Distance::euclidean}, {"cosine", Distance::cosine}}};
inline constexpr std::array<Choice<Pruning>, 3> kPrunings{
    {{"auto", Pruning::automatic}, {"always", Pruning::always}, {"never", Pruning::never}}};
inline constexpr std::array<Choice<Precision>, 2> kPrecisions{
    {{"float", Precision::single}, {"double", Precision::twice}}};
inline constexpr std::array<Choice<SelectionIndex>, 4> kIndices{
    {{"simplified_silhouette", SelectionIndex::simplified_silhouette},
     {"calinski_harabasz", SelectionIndex::calinski_harabasz},
     {"davies_bouldin", SelectionIndex::davies_bouldin},
     {"inertia", SelectionIndex::inertia}}};
inline constexpr std::array<Choice<ItemsetKind>, 3> kItemsetKinds{
    {{"all", ItemsetKind::all}, {"closed", ItemsetKind::closed}, {"maximal", ItemsetKind::maximal}}};

inline constexpr std::array<Choice<Distribution>, 3> kDistributions{
    {{"auto", Distribution::automatic}, {"count", Distribution::count}, {"task", Distribution::task}}};

inline constexpr std::array<Choice<Aggregate>, 18> kAggregates{{{"none", Aggregate::none},
                                                                {"count", Aggregate::count},
                                                                {"sum", Aggregate::sum},
                                                                {"mean", Aggregate::mean},
                                                                {"min", Aggregate::min},
                                                                {"max", Aggregate::max},
                                                                {"std", Aggregate::std},
                                                                {"distinct", Aggregate::distinct},
                                                                {"share", Aggregate::share},
                                                                {"recency", Aggregate::recency},
                                                                {"active_months", Aggregate::active_months},
                                                                {"gap", Aggregate::gap},
                                                                {"frequency", Aggregate::frequency},
                                                                {"trend", Aggregate::trend},
                                                                {"ratio", Aggregate::ratio},
                                                                {"first", Aggregate::first},
                                                                {"last", Aggregate::last},
                                                                {"time_mean", Aggregate::time_mean}}};
inline constexpr std::array<Choice<Best>, 2> kBests{{{"high", Best::high}, {"low", Best::low}}};
inline constexpr std::array<Choice<PresetKind>, 4> kPresets{{{"rfm", PresetKind::rfm},
                                                             {"deposits", PresetKind::deposits},
                                                             {"credit", PresetKind::credit},
                                                             {"engagement", PresetKind::engagement}}};

/// The name of a choice, for messages and results.
template <class Enum, std::size_t Size>
constexpr std::string_view name_of(std::array<Choice<Enum>, Size> const& choices, Enum value) {
  for (auto const& [name, choice] : choices) {
    if (choice == value) return name;
  }
  return "?";
}

}  // namespace tessera::schema
