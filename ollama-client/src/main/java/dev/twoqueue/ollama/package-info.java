/**
 * A client for Ollama's HTTP API, and what the scheduler needs of an Ollama server: its residency,
 * its evictor, a forecast of a model's memory, and ready-made tasks.
 *
 * <p>Start at {@link dev.twoqueue.ollama.OllamaClient}. Nothing here accepts or returns {@code
 * null} unless it is marked {@link org.jspecify.annotations.Nullable}.
 */
@NullMarked
package dev.twoqueue.ollama;

import org.jspecify.annotations.NullMarked;
