// Preprocessing and total variation.
#include "reference/image.h"

#include <cmath>

namespace impasto::reference {
namespace {

// The plane of the network's input that holds colour c of RGB.
int plane_of(int c, ChannelOrder order) {
  return order == ChannelOrder::rgb ? c : 2 - c;
}

double sign(double value) {
  return value > 0 ? 1 : value < 0 ? -1 : 0;
}

// A pair's share: f(difference) of every kind that treats dx and dy apart.
struct Share {
  double value;
  double slope;
};

Share pair_share(TvKind kind, double difference) {
  if (kind == TvKind::l1) return {std::abs(difference), sign(difference)};
  return {difference * difference, 2 * difference};
}

// A block's share: f(dx² + dy²).
Share block_share(TvKind kind, double squares, double exponent) {
  if (kind == TvKind::squared_block) return {squares / 2, 0.5};
  return {std::pow(squares, exponent), squares > 0 ? exponent * std::pow(squares, exponent - 1) : 0};
}

void add_pairs(TvKind kind, const Array& rgb, double range, Term& term) {
  for (int c = 0; c < rgb.channels; ++c)
    for (int y = 0; y < rgb.height; ++y)
      for (int x = 0; x < rgb.width; ++x)
        for (int axis = 0; axis < 2; ++axis) {
          const int ny = y + (axis == 1);
          const int nx = x + (axis == 0);
          if (ny >= rgb.height || nx >= rgb.width) continue;
          const Share share = pair_share(kind, range * (rgb.at(c, ny, nx) - rgb.at(c, y, x)));
          term.value += share.value;
          term.gradient.at(c, ny, nx) += range * share.slope;
          term.gradient.at(c, y, x) -= range * share.slope;
        }
}

void add_blocks(TvKind kind, const Array& rgb, double range, double exponent, Term& term) {
  for (int c = 0; c < rgb.channels; ++c)
    for (int y = 0; y + 1 < rgb.height; ++y)
      for (int x = 0; x + 1 < rgb.width; ++x) {
        const double dx = range * (rgb.at(c, y, x + 1) - rgb.at(c, y, x));
        const double dy = range * (rgb.at(c, y + 1, x) - rgb.at(c, y, x));
        const Share share = block_share(kind, dx * dx + dy * dy, exponent);
        term.value += share.value;
        term.gradient.at(c, y, x + 1) += range * share.slope * 2 * dx;
        term.gradient.at(c, y + 1, x) += range * share.slope * 2 * dy;
        term.gradient.at(c, y, x) -= range * share.slope * 2 * (dx + dy);
      }
}

}  // namespace

Array preprocess(const Array& rgb, const InputConvention& input) {
  Array out = rgb.like();
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < rgb.height; ++y)
      for (int x = 0; x < rgb.width; ++x)
        out.at(plane_of(c, input.order), y, x) =
            (input.range * rgb.at(c, y, x) - input.mean[size_t(c)]) / input.deviation[size_t(c)];
  return out;
}

Array preprocess_gradient(const Array& d_input, const InputConvention& input) {
  Array d_rgb = d_input.like();
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < d_rgb.height; ++y)
      for (int x = 0; x < d_rgb.width; ++x)
        d_rgb.at(c, y, x) =
            input.range * d_input.at(plane_of(c, input.order), y, x) / input.deviation[size_t(c)];
  return d_rgb;
}

Term total_variation(TvKind kind, const Array& rgb, double range, double exponent) {
  Term term{0, rgb.like()};
  switch (kind) {
    case TvKind::none:
      break;
    case TvKind::l1:
    case TvKind::squared:
      add_pairs(kind, rgb, range, term);
      break;
    case TvKind::squared_block:
    case TvKind::power_block:
      add_blocks(kind, rgb, range, exponent, term);
      break;
  }
  return term;
}

}  // namespace impasto::reference
