package dev.twoqueue;

import java.time.Duration;
import java.time.Instant;

/**
 * When a queued local-heavy task is likely to start: a guess from what was measured, no promise.
 *
 * <p>{@code at} is now, plus what is left of the task that runs, plus for each task ahead in drain
 * order what it takes to run and, where its key differs from the one before it, to bring in its
 * model. A task takes the median of the last 32 tasks of its model (of its kind, where it needs
 * none) that succeeded and began without a swap; where all began with one, their median less the
 * time of a swap. Swap times are those of {@link ResidencyProbe#swapTimes}.
 *
 * <p>Not in it: the task's own swap, which its body pays; turns of the fleet, looks, holds and
 * permits; and that the order changes with each task that is submitted or held.
 *
 * @param at by the scheduler's clock
 * @param swaps bringing in the models of the tasks ahead
 * @param runs what is left of the task that runs, and the tasks ahead
 * @param unknown how many of these nothing is known of: they count as zero, so with any of them
 *     {@code at} is too early. Fleet tasks that run count as one
 */
public record ExpectedStart(Instant at, Duration swaps, Duration runs, int unknown) {}
