/**
 * A simulated Ollama on loopback, with a machine under it whose memory and disk can run out.
 *
 * <p>Start at {@link dev.twoqueue.testkit.ollama.SimulatedOllama}. Nothing here accepts or returns
 * {@code null} unless it is marked {@link org.jspecify.annotations.Nullable}.
 */
@NullMarked
package dev.twoqueue.testkit.ollama;

import org.jspecify.annotations.NullMarked;
