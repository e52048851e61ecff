/** Benchmarks of the engine's parts, which only its own package can see. */
@NullMarked
package dev.twoqueue.internal.engine;

import org.jspecify.annotations.NullMarked;
