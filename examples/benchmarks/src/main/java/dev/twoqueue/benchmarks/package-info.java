/**
 * What the scheduler costs, beside its peers: {@link dev.twoqueue.benchmarks.Benchmarks} runs it
 * all and says which targets are met. Never part of a test that is timed.
 */
@NullMarked
package dev.twoqueue.benchmarks;

import org.jspecify.annotations.NullMarked;
