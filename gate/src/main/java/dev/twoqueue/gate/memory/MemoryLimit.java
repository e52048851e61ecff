package dev.twoqueue.gate.memory;

import dev.twoqueue.gate.internal.Arguments;

/**
 * A limit on memory that holds beside the machine's size: a control group's, the GPU's, the commit
 * limit.
 *
 * <p>The constructor throws {@link IllegalArgumentException} when a size is negative or the source
 * blank.
 *
 * @param limitBytes the limit
 * @param availableBytes what is left under it
 * @param source where it is set, for people
 * @param thisProcessOnly whether it holds for this process (its control group), and for a model
 *     server only where that is in the same one
 */
public record MemoryLimit(
    long limitBytes, long availableBytes, String source, boolean thisProcessOnly) {
  public MemoryLimit {
    Arguments.notNegative(limitBytes, "limitBytes");
    Arguments.notNegative(availableBytes, "availableBytes");
    Arguments.notBlank(source, "source");
  }
}
