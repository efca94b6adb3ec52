// Rates in a JSON file of the cache folder.
#include "session/rates.h"

#include "base/atomic_file.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>
#include <span>

namespace impasto::session {
namespace {

constexpr auto kRate = "rate", kFlops = "iteration_flops";
constexpr double kTellsOf = 64;  // times the operations that a rate was measured with

std::filesystem::path file_of(const std::filesystem::path& cache) {
  return cache / "rates.json";
}

std::string key_of(const vulkan::Caps& caps, const std::string& model) {
  return caps.name + ", " + caps.driver + ", " + model;
}

// An object, whatever the file holds.
nlohmann::json read(const std::filesystem::path& file) {
  constexpr std::streamsize kLongest = 1 << 16;
  std::ifstream stream(file, std::ios::binary);
  std::string text(size_t(kLongest), '\0');
  stream.read(text.data(), kLongest);
  text.resize(size_t(stream.gcount()));
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  return json.is_object() ? json : nlohmann::json::object();
}

// 0 for what is no positive number.
double positive(const nlohmann::json& reading, const char* field) {
  const auto found = reading.find(field);
  const double value = found != reading.end() && found->is_number() ? found->get<double>() : 0;
  return std::isfinite(value) && value > 0 ? value : 0;
}

// An object, whatever is kept.
nlohmann::json reading_of(const nlohmann::json& rates, const vulkan::Caps& caps, const std::string& model) {
  const auto found = rates.find(key_of(caps, model));
  return found != rates.end() && found->is_object() ? *found : nlohmann::json::object();
}

}  // namespace

double known_rate(const std::filesystem::path& cache, const vulkan::Caps& caps, const std::string& model,
                  double iteration_flops) {
  if (cache.empty()) return 0;
  const nlohmann::json reading = reading_of(read(file_of(cache)), caps, model);
  return iteration_flops <= kTellsOf * positive(reading, kFlops) ? positive(reading, kRate) : 0;
}

void keep_rate(const std::filesystem::path& cache, const vulkan::Caps& caps, const std::string& model,
               double rate, double iteration_flops) noexcept {
  if (cache.empty() || !std::isfinite(rate) || rate <= 0) return;
  try {
    nlohmann::json rates = read(file_of(cache));
    if (iteration_flops < positive(reading_of(rates, caps, model), kFlops) / 2) return;
    rates[key_of(caps, model)] = {{kRate, rate}, {kFlops, iteration_flops}};
    const std::string text = rates.dump(1, ' ', false, nlohmann::json::error_handler_t::replace);
    std::filesystem::create_directories(cache);
    write_file(file_of(cache), std::as_bytes(std::span(text)), true);
  } catch (const std::exception&) {
    return;
  }
}

}  // namespace impasto::session
