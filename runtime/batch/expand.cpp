// From folders, globs, lists and sweeps to jobs.
#include "base/nearest.h"
#include "base/shown.h"
#include "impasto/batch.h"
#include "impasto/error.h"
#include "recipe/json_reader.h"
#include "recipe/json_writer.h"
#include "recipe/text_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>

namespace impasto {
namespace recipe {

template <class Visitor>
void visit_fields(Visitor& visit, Sweep& sweep) {
  visit("setting", sweep.setting);
  visit("values", sweep.values);
}

template <class Visitor>
void visit_fields(Visitor& visit, BatchRequest& request) {
  visit("contents", request.contents);
  visit("styles", request.styles);
  visit("out", request.out);
  visit("name", request.name);
  visit("sweeps", request.sweeps);
  visit("job", request.job);
}

}  // namespace recipe

namespace {

namespace fs = std::filesystem;
using recipe::OrderedJson;

constexpr size_t kMaxItems = 1'000'000;

bool is_picture(const fs::path& file) {
  static constexpr std::array kExtensions{".jpg", ".jpeg", ".png", ".tif", ".tiff", ".exr", ".webp"};
  std::string extension = file.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

// '*' is any text and '?' any character.
bool matches(std::string_view text, std::string_view glob) {
  if (glob.empty()) return text.empty();
  if (glob.front() == '*')
    return matches(text, glob.substr(1)) || (!text.empty() && matches(text.substr(1), glob));
  return !text.empty() && (glob.front() == '?' || glob.front() == text.front()) &&
         matches(text.substr(1), glob.substr(1));
}

// The folder's files that match; pictures alone when the glob is empty. In the order of their names.
std::vector<fs::path> files_in(const fs::path& folder, const std::string& glob) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(folder.empty() ? fs::path(".") : folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with('.') || !entry.is_regular_file(error)) continue;
    if (glob.empty() ? is_picture(name) : matches(name, glob)) files.push_back(folder / name);
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<fs::path> pictures_of(const std::string& flag, const std::string& spec, bool nested) {
  const fs::path path(spec);
  std::error_code error;
  std::vector<fs::path> files;
  if (fs::is_directory(path, error)) {
    files = files_in(path, "");
  } else if (!fs::exists(path, error) && spec.find_first_of("*?") != std::string::npos) {
    files = files_in(path.parent_path(), path.filename().string());
  } else if (path.extension() == ".txt" && !nested) {
    std::istringstream lines(recipe::read_text_file(path));
    for (std::string line; std::getline(lines, line);) {
      if (line.ends_with('\r')) line.pop_back();
      if (line.empty() || line.starts_with('#')) continue;
      const std::vector<fs::path> more = pictures_of(flag, line, true);
      files.insert(files.end(), more.begin(), more.end());
    }
  } else {
    return {path};  // whether it is a good picture shows when its turn comes
  }
  if (files.empty())
    throw Error(ErrorKind::input, fmt::format("{} {}: there is no picture; name others", flag, spec));
  return files;
}

std::vector<fs::path> all_pictures(const std::string& flag, const std::vector<std::string>& specs) {
  std::vector<fs::path> files;
  for (const std::string& spec : specs)
    for (const fs::path& file : pictures_of(flag, spec, false))
      if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(file);
  if (files.empty())
    throw Error(ErrorKind::usage,
                fmt::format("no pictures; name some with {} FOLDER, GLOB, FILE or LIST.txt", flag));
  return files;
}

std::string field_name(std::string setting) {
  std::replace(setting.begin(), setting.end(), '-', '_');
  return setting;
}

OrderedJson json_value(const std::string& text) {
  const OrderedJson value = OrderedJson::parse(text, nullptr, false);
  return value.is_discarded() ? OrderedJson(text) : value;
}

void add_names(std::vector<std::string>& names, const OrderedJson& object) {
  for (const auto& [key, value] : object.items()) names.push_back(key);
}

// The object of the job's JSON that has the field: the job itself, its recipe, or its optimiser.
OrderedJson& owner_of(OrderedJson& job, const std::string& setting, const std::string& field) {
  for (OrderedJson* object : {&job, &job["recipe"], &job["recipe"]["optimizer"]})
    if (object->contains(field)) return *object;
  std::vector<std::string> names{"style_strength"};
  for (const OrderedJson* object : {&job, &job["recipe"], &job["recipe"]["optimizer"]})
    add_names(names, *object);
  throw Error(ErrorKind::usage, fmt::format("--sweep {}: there is no such setting; the nearest is \"{}\"",
                                            shown(setting), nearest_name(field, names)));
}

Job with_setting(const Job& job, const Sweep& sweep, const std::string& value) {
  const std::string field = field_name(sweep.setting);
  const std::string source = fmt::format("--sweep {}={}", sweep.setting, value);
  OrderedJson json = OrderedJson::parse(job_to_json(job));
  if (field == "style_strength") {
    const OrderedJson factor = json_value(value);
    if (!factor.is_number()) throw Error(ErrorKind::usage, source + ": must be a number");
    Job changed = job;
    changed.recipe.style_weight *= factor.get<double>();
    return changed;
  }
  if (field == "recipe") {
    Job changed = job;
    changed.recipe = load_recipe(value);
    return changed;
  }
  owner_of(json, sweep.setting, field)[field] = json_value(value);
  return job_from_json(json.dump(), source);
}

// What a file may be called: without what would make folders of it.
std::string file_part(std::string text) {
  for (char& c : text)
    if (c == '/' || c == '\\' || c == ':' || static_cast<unsigned char>(c) < ' ') c = '_';
  return text;
}

struct Value {
  std::string key;
  std::string text;
};

std::string default_pattern(const std::vector<Sweep>& sweeps) {
  std::string pattern = "{content}-{style}";
  for (const Sweep& sweep : sweeps) pattern += "-{" + sweep.setting + "}";
  return pattern + ".png";
}

std::string fill(const std::string& pattern, const std::vector<Value>& values) {
  std::string name;
  for (size_t at = 0; at < pattern.size();) {
    if (pattern[at] != '{') {
      name += pattern[at++];
      continue;
    }
    const size_t end = pattern.find('}', at);
    const std::string key = pattern.substr(at + 1, end == std::string::npos ? end : end - at - 1);
    // "strength" is enough for "style-strength".
    const auto found = std::find_if(values.begin(), values.end(), [&](const Value& value) {
      return field_name(value.key) == field_name(key) ||
             field_name(value.key).ends_with("_" + field_name(key));
    });
    if (end == std::string::npos || found == values.end()) {
      std::vector<std::string> keys;
      for (const Value& value : values) keys.push_back(value.key);
      throw Error(ErrorKind::usage,
                  fmt::format("--name {}: {{{}}} is nothing an item has; the nearest is {{{}}}",
                              shown(pattern), shown(key), nearest_name(key, keys)));
    }
    name += file_part(found->text);
    at = end + 1;
  }
  return name;
}

struct Variant {
  Job job;
  std::vector<Value> values;
};

// The job under every combination of the sweeps' values.
std::vector<Variant> variants_of(const BatchRequest& request) {
  std::vector<Variant> variants{{request.job, {}}};
  for (const Sweep& sweep : request.sweeps) {
    if (sweep.values.empty())
      throw Error(ErrorKind::usage,
                  fmt::format("--sweep {}: has no values; give some after =", shown(sweep.setting)));
    std::vector<Variant> next;
    for (const Variant& variant : variants)
      for (const std::string& value : sweep.values) {
        next.push_back({with_setting(variant.job, sweep, value), variant.values});
        next.back().values.push_back({sweep.setting, value});
      }
    variants = std::move(next);
  }
  return variants;
}

std::string stem(const fs::path& file) {
  return file.stem().string();
}

}  // namespace

BatchRequest batch_from_json(std::string_view text, std::string_view source) {
  const nlohmann::json json = recipe::parse_json(text, source);
  BatchRequest request;
  recipe::read_fields({json, "", source}, request);
  return request;
}

BatchRequest load_batch(const fs::path& file) {
  return batch_from_json(recipe::read_text_file(file), file.string());
}

std::vector<Job> batch_jobs(const BatchRequest& request) {
  const std::vector<fs::path> contents = all_pictures("--contents", request.contents);
  const std::vector<fs::path> styles = all_pictures("--styles", request.styles);
  const std::vector<Variant> variants = variants_of(request);
  const std::string pattern = request.name.empty() ? default_pattern(request.sweeps) : request.name;
  if (request.out.empty())
    throw Error(ErrorKind::usage, "no folder for the results; name one with --out FOLDER");
  if (contents.size() * styles.size() * variants.size() > kMaxItems)
    throw Error(ErrorKind::usage,
                fmt::format("these are more than {} items; make several batches of them", kMaxItems));
  std::vector<Job> jobs;
  std::set<fs::path> names;
  for (const fs::path& style : styles)  // outermost, so that its statistics serve one item after the other
    for (const Variant& variant : variants)
      for (const fs::path& content : contents) {
        Job job = variant.job;
        job.content = content;
        job.styles = {{style, 1}};
        std::vector<Value> values{
            {"content", stem(content)}, {"style", stem(style)}, {"index", std::to_string(jobs.size() + 1)}};
        values.insert(values.end(), variant.values.begin(), variant.values.end());
        job.output = (request.out / fill(pattern, values)).lexically_normal();
        if (!names.insert(job.output).second)
          throw Error(ErrorKind::usage,
                      fmt::format("--name {}: gives two items the name {}; add {{index}} or what differs",
                                  shown(pattern), job.output.filename().string()));
        jobs.push_back(checked_job(std::move(job)));
      }
  return jobs;
}

}  // namespace impasto
