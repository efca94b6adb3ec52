// From folders, globs, lists and sweeps to jobs.
#include "base/nearest.h"
#include "base/shown.h"
#include "batch/name_pattern.h"
#include "batch/pictures.h"
#include "impasto/batch.h"
#include "impasto/error.h"
#include "recipe/json_reader.h"
#include "recipe/json_writer.h"
#include "recipe/text_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

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
using batch::Value;
using recipe::OrderedJson;

constexpr size_t kMaxItems = 1'000'000;

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
  std::vector<std::string> names;
  for (const OrderedJson* object : {&job, &job["recipe"], &job["recipe"]["optimizer"]})
    add_names(names, *object);
  throw Error(ErrorKind::usage, fmt::format("--sweep {}: there is no such setting; the nearest is \"{}\"",
                                            shown(setting), nearest_name(field, names)));
}

Job with_setting(const Job& job, const Sweep& sweep, const std::string& value) {
  const std::string field = field_name(sweep.setting);
  const std::string source = fmt::format("--sweep {}={}", sweep.setting, value);
  if (field == "recipe") {
    Job changed = job;
    changed.recipe = load_recipe(value);
    return changed;
  }
  OrderedJson json = OrderedJson::parse(job_to_json(job));
  owner_of(json, sweep.setting, field)[field] = json_value(value);
  return job_from_json(json.dump(), source);
}

std::string default_pattern(const std::vector<Sweep>& sweeps) {
  std::string pattern = "{content}-{style}";
  for (const Sweep& sweep : sweeps) pattern += "-{" + sweep.setting + "}";
  return pattern + ".png";
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
  const std::vector<fs::path> contents = batch::all_pictures("--contents", request.contents);
  const std::vector<fs::path> styles = batch::all_pictures("--styles", request.styles);
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
        job.output = (request.out / batch::filled("--name", pattern, values)).lexically_normal();
        if (!names.insert(job.output).second)
          throw Error(ErrorKind::usage,
                      fmt::format("--name {}: gives two items the name {}; add {{index}} or what differs",
                                  shown(pattern), job.output.filename().string()));
        jobs.push_back(checked_job(std::move(job)));
      }
  return jobs;
}

}  // namespace impasto
