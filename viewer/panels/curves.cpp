// The losses over the iterations, on a logarithmic axis.
#include "ui.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace impasto::viewer {
namespace {

struct Curve {
  std::string name;
  std::function<double(const Losses&)> value;
  int colour = 0;
  float width = 1.5f;
};

// The layers' own curves are the style's, thinner.
std::vector<Curve> curves_of(const Losses& losses) {
  std::vector<Curve> all;
  for (size_t i = 0; i < losses.terms.size(); ++i)
    if (losses.terms[i].kind == "style")
      all.push_back({losses.terms[i].layer,
                     [i](const Losses& at) { return i < at.terms.size() ? at.terms[i].value : 0; }, 2, 0.8f});
  all.push_back({"total", [](const Losses& at) { return at.total; }, 0, 2});
  all.push_back({"smoothness", [](const Losses& at) { return at.tv; }, 3});
  all.push_back({"photograph", [](const Losses& at) { return at.content; }, 1});
  all.push_back({"style", [](const Losses& at) { return at.style; }, 2});
  return all;
}

struct Axis {
  double low, high;  // decimal logarithms
  int first, last;   // iterations
  ImVec2 from, to;
  ImVec2 at(int iteration, double value) const {
    const double x = double(iteration - first) / std::max(1, last - first);
    const double y = (std::log10(value) - low) / (high - low);
    return {from.x + float(x) * (to.x - from.x), to.y - float(y) * (to.y - from.y)};
  }
};

// Of the four main curves; a layer may run out of sight below.
Axis axis_for(const std::vector<LossPoint>& points, ImVec2 from, ImVec2 to) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const LossPoint& point : points)
    for (const double value : {point.losses.total, point.losses.style, point.losses.content}) {
      if (!(value > 0) || !std::isfinite(value)) continue;
      low = std::min(low, std::log10(value));
      high = std::max(high, std::log10(value));
    }
  if (!(low < high)) low = std::isfinite(low) ? low - 0.5 : 0, high = low + 1;
  low = std::max(low, high - 6);
  const double margin = 0.06 * (high - low);
  return {low - margin, high + margin, points.front().iteration, points.back().iteration, from, to};
}

void grid(Ui& ui, ImDrawList& list, const Axis& axis) {
  const int step = axis.high - axis.low > 4 ? 2 : 1;
  for (int power = int(std::ceil(axis.low)); power <= axis.high; power += step) {
    const float y = axis.at(axis.first, std::pow(10.0, power)).y;
    list.AddLine({axis.from.x, y}, {axis.to.x, y}, colour(ui.colours().line));
    const std::string text = fmt::format("1e{}", power);
    const ImVec2 size = ui.fonts.small->CalcTextSizeA(ui.fonts.small->FontSize, FLT_MAX, 0, text.c_str());
    list.AddText(ui.fonts.small, ui.fonts.small->FontSize, {axis.from.x - size.x - ui.px(8), y - size.y / 2},
                 colour(ui.colours().muted), text.c_str());
  }
}

void line(Ui& ui, ImDrawList& list, const Axis& axis, const std::vector<LossPoint>& points,
          const Curve& curve) {
  const size_t most = static_cast<size_t>(std::max(2.0f, axis.to.x - axis.from.x));
  const size_t stride = std::max<size_t>(1, points.size() / most);
  const bool layer = curve.width < 1;
  for (size_t i = 0; i < points.size(); i += stride) {
    const double value = curve.value(points[i].losses);
    if (value > 0 && std::isfinite(value)) list.PathLineTo(axis.at(points[i].iteration, value));
  }
  list.PathStroke(colour(ui.colours().curves[curve.colour], layer ? 0.45f : 1), 0, ui.px(curve.width));
}

void legend(Ui& ui, ImDrawList& list, ImVec2 at, const std::vector<Curve>& all, const Losses& now,
            bool values) {
  for (const Curve& curve : all) {
    const double value = curve.value(now);
    if (curve.width < 1 || !(value > 0)) continue;
    const std::string text = values ? fmt::format("{}  {:.3g}", curve.name, value) : curve.name;
    list.AddCircleFilled({at.x + ui.px(4), at.y + ui.px(8)}, ui.px(4),
                         colour(ui.colours().curves[curve.colour]));
    list.AddText(ui.fonts.small, ui.fonts.small->FontSize, {at.x + ui.px(14), at.y},
                 colour(ui.colours().text), text.c_str());
    at.y += ui.px(21);
  }
}

}  // namespace

void curves(Ui& ui, ImVec2 from, ImVec2 to) {
  begin_region(ui, "curves", from, to, ui.colours().panel);
  if (ui.curve.size() < 2) {
    caption(ui, "Loss curves appear here");
  } else {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float width = to.x - from.x;
    const bool explained = width > ui.px(260),
               wide = width > ui.px(400);  // room for the legend, for numbers in it
    const ImVec2 inner_from{from.x + ui.px(64), from.y + ui.px(18)}, inner_to{to.x - ui.px(wide        ? 188
                                                                                           : explained ? 116
                                                                                                       : 16),
                                                                              to.y - ui.px(18)};
    const Axis axis = axis_for(ui.curve, inner_from, inner_to);
    const std::vector<Curve> all = curves_of(ui.curve.back().losses);
    grid(ui, list, axis);
    list.PushClipRect(inner_from, inner_to, true);
    for (const Curve& curve : all) line(ui, list, axis, ui.curve, curve);
    list.PopClipRect();
    if (explained)
      legend(ui, list, {inner_to.x + ui.px(16), inner_from.y}, all, ui.curve.back().losses, wide);
    ui.marks.area("curves", inner_from, inner_to);
  }
  ImGui::End();
}

}  // namespace impasto::viewer
