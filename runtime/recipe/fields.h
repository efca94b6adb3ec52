// Every field of a recipe and of a job under its JSON name: the one list that reading and writing share.
#pragma once

#include "impasto/job.h"
#include "impasto/recipe.h"

namespace impasto::recipe {

template <class Visitor>
void visit_fields(Visitor& visit, LayerWeight& layer) {
  visit("layer", layer.layer);
  visit("weight", layer.weight);
}

template <class Visitor>
void visit_fields(Visitor& visit, InputConvention& input) {
  visit("order", input.order);
  visit("range", input.range);
  visit("mean", input.mean);
  visit("std", input.deviation);
}

template <class Visitor>
void visit_fields(Visitor& visit, OptimizerConvention& optimizer) {
  visit("kind", optimizer.kind);
  visit("variable_range", optimizer.variable_range);
  visit("learning_rate", optimizer.learning_rate);
  visit("beta1", optimizer.beta1);
  visit("beta2", optimizer.beta2);
  visit("epsilon", optimizer.epsilon);
  visit("epsilon_hat", optimizer.epsilon_hat);
  visit("history", optimizer.history);
  visit("line_search", optimizer.line_search);
  visit("restart", optimizer.restart);
  visit("clamp", optimizer.clamp);
  visit("average", optimizer.average);
}

template <class Visitor>
void visit_fields(Visitor& visit, Stage& stage) {
  visit("size", stage.size);
  visit("side", stage.side);
  visit("iterations", stage.iterations);
}

template <class Visitor>
void visit_fields(Visitor& visit, Pyramid& pyramid) {
  visit("smallest", pyramid.smallest);
  visit("ratio", pyramid.ratio);
  visit("iterations", pyramid.iterations);
}

template <class Visitor>
void visit_fields(Visitor& visit, Recipe& recipe) {
  visit("name", recipe.name);
  visit("summary", recipe.summary);
  visit("input", recipe.input);
  visit("padding", recipe.padding);
  visit("pooling", recipe.pooling);
  visit("rounding", recipe.rounding);
  visit("style_weight", recipe.style_weight);
  visit("style_layers", recipe.style_layers);
  visit("gram_divisor", recipe.gram_divisor);
  visit("style_reduction", recipe.style_reduction);
  visit("style_factor", recipe.style_factor);
  visit("content_weight", recipe.content_weight);
  visit("content_layers", recipe.content_layers);
  visit("content_reduction", recipe.content_reduction);
  visit("tv_weight", recipe.tv_weight);
  visit("tv", recipe.tv);
  visit("tv_reduction", recipe.tv_reduction);
  visit("tv_range", recipe.tv_range);
  visit("tv_exponent", recipe.tv_exponent);
  visit("temporal_weight", recipe.temporal_weight);
  visit("optimizer", recipe.optimizer);
  visit("init", recipe.init);
  visit("noise", recipe.noise);
  visit("noise_share", recipe.noise_share);
  visit("stages", recipe.stages);
  visit("pyramid", recipe.pyramid);
  visit("snapshots", recipe.snapshots);
}

template <class Visitor>
void visit_fields(Visitor& visit, StyleInput& style) {
  visit("file", style.file);
  visit("weight", style.weight);
}

template <class Visitor>
void visit_fields(Visitor& visit, FrameBefore& before) {
  visit("result", before.result);
  visit("content", before.content);
  visit("flow", before.flow);
  visit("forward_flow", before.forward_flow);
}

template <class Visitor>
void visit_fields(Visitor& visit, Job& job) {
  visit("content", job.content);
  visit("styles", job.styles);
  visit("output", job.output);
  visit("recipe", job.recipe);
  visit("style_strength", job.style_strength);
  visit("model", job.model);
  visit("size", job.size);
  visit("style_scale", job.style_scale);
  visit("style_size", job.style_size);
  visit("iterations", job.iterations);
  visit("before", job.before);
  visit("init", job.init);
  visit("seed", job.seed);
  visit("device", job.device);
  visit("precision", job.precision);
  visit("memory_budget", job.memory_budget);
  visit("tile", job.tile);
  visit("save_every", job.save_every);
  visit("overwrite", job.overwrite);
  visit("checkpoint", job.checkpoint);
  visit("checkpoint_seconds", job.checkpoint_seconds);
  visit("resume", job.resume);
}

}  // namespace impasto::recipe
