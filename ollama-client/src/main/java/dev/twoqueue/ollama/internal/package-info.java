/**
 * The pure formulas of the memory forecast: no HTTP, no JSON, no clock. Not exported.
 *
 * <p>Sources: llama.cpp's buffer planning as measured on 618 loads of 38 models, and Ollama's own
 * published figures.
 */
@NullMarked
package dev.twoqueue.ollama.internal;

import org.jspecify.annotations.NullMarked;
