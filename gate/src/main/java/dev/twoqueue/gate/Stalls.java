package dev.twoqueue.gate;

import dev.twoqueue.gate.internal.Arguments;

/**
 * For how long, since the host began, some task stood still for want of each resource: the {@code
 * total} of the line {@code some} of Linux's pressure stall information. Only differences mean
 * anything.
 *
 * <p>The constructor throws {@link IllegalArgumentException} when a time is negative.
 *
 * @param cpuNanos for a processor
 * @param ioNanos for a disk
 * @param memoryNanos for memory: reclaim, swap, refaults
 */
public record Stalls(long cpuNanos, long ioNanos, long memoryNanos) {
  public Stalls {
    Arguments.notNegative(cpuNanos, "cpuNanos");
    Arguments.notNegative(ioNanos, "ioNanos");
    Arguments.notNegative(memoryNanos, "memoryNanos");
  }
}
