package dev.twoqueue.gate;

import dev.twoqueue.MemoryPart;
import dev.twoqueue.gate.internal.Arguments;

/**
 * Memory that is kept free on purpose, or not counted at all: a share of the machine's, and at
 * least a number of bytes.
 *
 * <p>The constructor throws {@link IllegalArgumentException} when the name is blank, the share not
 * in 0 to 1, or the bytes negative.
 *
 * @param name what it is for, for people
 * @param share of the memory that it is applied to
 * @param atLeastBytes the least
 */
public record MemoryTerm(String name, double share, long atLeastBytes) {
  public MemoryTerm {
    Arguments.notBlank(name, "name");
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share must be 0 to 1, was " + share);
    }
    Arguments.notNegative(atLeastBytes, "atLeastBytes");
  }

  /**
   * A term of one size on every machine.
   *
   * @param name what it is for
   * @param bytes how much
   * @return the term
   */
  public static MemoryTerm of(String name, long bytes) {
    return new MemoryTerm(name, 0, bytes);
  }

  /**
   * Its size on a machine.
   *
   * @param memoryBytes what it is a share of
   * @return name and bytes
   */
  public MemoryPart of(long memoryBytes) {
    return new MemoryPart(name, Math.max(atLeastBytes, (long) (memoryBytes * share)));
  }
}
