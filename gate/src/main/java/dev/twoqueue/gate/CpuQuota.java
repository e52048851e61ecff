package dev.twoqueue.gate;

import dev.twoqueue.gate.internal.Arguments;
import java.util.OptionalLong;

/**
 * How many cores a control group may use at most, and what all of its processes have used.
 *
 * <p>The constructor throws {@link IllegalArgumentException} when a figure is negative, the cores
 * are 0 or the group is blank.
 *
 * @param cores for example 2.0, or 0.5
 * @param usedNanos CPU time since some fixed moment, in nanoseconds; empty when not told
 * @param group the path of the group, as its processes name it
 */
public record CpuQuota(double cores, OptionalLong usedNanos, String group) {
  public CpuQuota {
    Arguments.positive(cores, "cores");
    Arguments.notNull(usedNanos, "usedNanos")
        .ifPresent(used -> Arguments.notNegative(used, "usedNanos"));
    Arguments.notBlank(group, "group");
  }
}
