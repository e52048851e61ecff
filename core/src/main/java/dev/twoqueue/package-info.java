/**
 * The scheduler's public types: tasks, handles, gates, probes, predictors, verdicts, events and the
 * snapshot.
 *
 * <p>Start at {@link dev.twoqueue.TwoQueueScheduler}. Nothing here accepts or returns {@code null}
 * unless it is marked {@link org.jspecify.annotations.Nullable}.
 */
@NullMarked
package dev.twoqueue;

import org.jspecify.annotations.NullMarked;
