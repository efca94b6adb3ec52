// Jobs in and out of JSON.
#include "impasto/job.h"
#include "recipe/json_reader.h"
#include "recipe/json_writer.h"
#include "recipe/text_file.h"

namespace impasto {
std::string job_to_json(const Job& job) {
  return recipe::json_text(recipe::fields_to_json(job));
}

Job job_from_json(std::string_view text, std::string_view source) {
  const nlohmann::json json = recipe::parse_json(text, source);
  Job job;
  recipe::read_fields({json, "", source}, job);
  return job;
}

Job load_job(const std::filesystem::path& file) {
  return job_from_json(recipe::read_text_file(file), file.string());
}

}  // namespace impasto
