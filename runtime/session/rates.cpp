// Rates in a JSON file of the cache folder.
#include "session/rates.h"

#include "base/atomic_file.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>
#include <span>

namespace impasto::session {
namespace {

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

}  // namespace

double known_rate(const std::filesystem::path& cache, const vulkan::Caps& caps, const std::string& model) {
  if (cache.empty()) return 0;
  const nlohmann::json rates = read(file_of(cache));
  const auto found = rates.find(key_of(caps, model));
  const double rate = found != rates.end() && found->is_number() ? found->get<double>() : 0;
  return std::isfinite(rate) && rate > 0 ? rate : 0;
}

void keep_rate(const std::filesystem::path& cache, const vulkan::Caps& caps, const std::string& model,
               double rate) noexcept {
  if (cache.empty() || !std::isfinite(rate) || rate <= 0) return;
  try {
    nlohmann::json rates = read(file_of(cache));
    rates[key_of(caps, model)] = rate;
    const std::string text = rates.dump(1, ' ', false, nlohmann::json::error_handler_t::replace);
    std::filesystem::create_directories(cache);
    write_file(file_of(cache), std::as_bytes(std::span(text)), true);
  } catch (const std::exception&) {
    return;
  }
}

}  // namespace impasto::session
