package dev.twoqueue.gate;

/**
 * A limit on memory that holds for this process: on Linux the tightest of its control group and all
 * its ancestors.
 *
 * <p>The constructor throws {@link IllegalArgumentException} when a size is negative or the source
 * blank.
 *
 * @param limitBytes the tightest limit
 * @param availableBytes the least that is left under any of the limits: limit − (usage − page cache
 *     that is given back first)
 * @param source where it is set, for people
 */
public record MemoryLimit(long limitBytes, long availableBytes, String source) {
  public MemoryLimit {
    Arguments.notNegative(limitBytes, "limitBytes");
    Arguments.notNegative(availableBytes, "availableBytes");
    Arguments.notBlank(source, "source");
  }
}
