// What the enumerators of a recipe and of a job are called in JSON and messages, in their order.
#pragma once

#include "impasto/job.h"
#include "impasto/recipe.h"

#include <array>
#include <string_view>

namespace impasto::recipe {

template <class Enum>
struct Names;

template <>
struct Names<ChannelOrder> {
  static constexpr std::array<std::string_view, 2> value{"bgr", "rgb"};
};
template <>
struct Names<PaddingKind> {
  static constexpr std::array<std::string_view, 3> value{"zeros", "replicate_first", "replicate"};
};
template <>
struct Names<PoolingKind> {
  static constexpr std::array<std::string_view, 2> value{"max", "average"};
};
template <>
struct Names<PoolingRounding> {
  static constexpr std::array<std::string_view, 2> value{"floor", "ceil"};
};
template <>
struct Names<GramDivisor> {
  static constexpr std::array<std::string_view, 3> value{"one", "n", "channels_times_n"};
};
template <>
struct Names<Reduction> {
  static constexpr std::array<std::string_view, 3> value{"mean", "sum", "half_sum"};
};
template <>
struct Names<StyleFactor> {
  static constexpr std::array<std::string_view, 4> value{"one", "per_channels_squared", "image_area",
                                                         "gatys_paper"};
};
template <>
struct Names<TvKind> {
  static constexpr std::array<std::string_view, 5> value{"none", "l1", "squared", "squared_block",
                                                         "power_block"};
};
template <>
struct Names<OptimizerKind> {
  static constexpr std::array<std::string_view, 2> value{"adam", "lbfgs"};
};
template <>
struct Names<LineSearchKind> {
  static constexpr std::array<std::string_view, 2> value{"none", "more_thuente"};
};
template <>
struct Names<InitKind> {
  static constexpr std::array<std::string_view, 4> value{"content", "noise", "style", "mix"};
};
template <>
struct Names<SizeSide> {
  static constexpr std::array<std::string_view, 2> value{"longest", "shortest"};
};
template <>
struct Names<Precision> {
  static constexpr std::array<std::string_view, 3> value{"auto", "fp32", "fp16"};
};

template <class Enum>
std::string_view name_of(Enum value) {
  return Names<Enum>::value.at(static_cast<size_t>(value));
}

}  // namespace impasto::recipe
