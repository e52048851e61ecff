package dev.twoqueue;

import java.util.List;

/**
 * The memory of the machine at one moment.
 *
 * <p>The constructor throws {@link IllegalArgumentException} when a size is negative or the source
 * blank.
 *
 * @param totalBytes all that tasks may ever use: physical memory, or a tighter limit that holds
 *     here (a cgroup's, the GPU's)
 * @param freeBytes what could be taken now
 * @param reclaimableBytes what an eviction ahead of the task will give back
 * @param reserved what is kept free on purpose, by part
 * @param source where the figures come from, for people
 */
public record MemoryBudget(
    long totalBytes,
    long freeBytes,
    long reclaimableBytes,
    List<MemoryPart> reserved,
    String source) {
  public MemoryBudget {
    Arguments.notNegative(totalBytes, "totalBytes");
    Arguments.notNegative(freeBytes, "freeBytes");
    Arguments.notNegative(reclaimableBytes, "reclaimableBytes");
    reserved = Arguments.copyOf(reserved, "reserved");
    Arguments.notBlank(source, "source");
  }

  /**
   * The sum of what is reserved.
   *
   * @return bytes, at most {@link Long#MAX_VALUE}
   */
  public long reservedBytes() {
    return reserved.stream()
        .mapToLong(MemoryPart::bytes)
        .reduce(0, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
  }
}
