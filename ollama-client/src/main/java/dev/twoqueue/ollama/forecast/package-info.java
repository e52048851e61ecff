/**
 * What a load of a model will take of a machine's memory, from the model's metadata and the
 * settings of its runner: {@link dev.twoqueue.ollama.forecast.LoadForecast#of} is the whole of it.
 * Pure: no input or output, no clock; safe for use by several threads.
 *
 * <p>Sources of the formulas: what llama.cpp b10488 plans (which layers cache what, in which order
 * its graph needs and frees its tensors, and how its planner places them), read in its public
 * sources and held against 618 measured loads of 38 models; Ollama's own published figures.
 */
@NullMarked
package dev.twoqueue.ollama.forecast;

import org.jspecify.annotations.NullMarked;
