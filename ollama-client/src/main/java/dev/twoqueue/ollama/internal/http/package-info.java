/**
 * Bounded, timed and cancellable HTTP with JSON, for the clients of model servers in this build:
 * this module and {@code dev.twoqueue.servers} alone see it. Each client gives it its own family of
 * exceptions through {@link dev.twoqueue.ollama.internal.http.CallErrors}.
 */
@NullMarked
package dev.twoqueue.ollama.internal.http;

import org.jspecify.annotations.NullMarked;
