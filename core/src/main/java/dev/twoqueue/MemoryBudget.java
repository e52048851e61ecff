package dev.twoqueue;

import java.util.List;

/**
 * The memory of the machine at one moment.
 *
 * <p>The constructors throw {@link IllegalArgumentException} when a size is negative or the source
 * blank, and {@link NullPointerException} when an argument or an entry is null.
 *
 * @param totalBytes all that tasks may ever use: physical memory less what the operating system
 *     needs, or a tighter limit that holds here (a cgroup's, the GPU's)
 * @param freeBytes what could be taken now
 * @param givenBack what evictions ahead of the task give back, in the order in which they happen
 * @param reserved what is always kept free on purpose
 * @param claimed what others, already running, will still take; gone when they end
 * @param unloadable resident models that no eviction ahead of the task gives back, but a person
 *     could unload
 * @param pressure how hard it is to find free memory
 * @param source where the figures come from, for people
 * @param notes how the figures come about, and what the system does not tell, for people
 */
public record MemoryBudget(
    long totalBytes,
    long freeBytes,
    List<MemoryPart> givenBack,
    List<MemoryPart> reserved,
    List<MemoryPart> claimed,
    List<MemoryPart> unloadable,
    MemoryPressure pressure,
    String source,
    List<String> notes) {
  public MemoryBudget {
    Arguments.notNegative(totalBytes, "totalBytes");
    Arguments.notNegative(freeBytes, "freeBytes");
    givenBack = Arguments.copyOf(givenBack, "givenBack");
    reserved = Arguments.copyOf(reserved, "reserved");
    claimed = Arguments.copyOf(claimed, "claimed");
    unloadable = Arguments.copyOf(unloadable, "unloadable");
    Arguments.notNull(pressure, "pressure");
    Arguments.notBlank(source, "source");
    notes = Arguments.copyOf(notes, "notes");
  }

  /**
   * A budget without claims, notes or pressure.
   *
   * @param totalBytes all that tasks may ever use
   * @param freeBytes what could be taken now
   * @param reclaimableBytes what evictions ahead of the task give back
   * @param reserved what is kept free on purpose, by part
   * @param source where the figures come from, for people
   */
  public MemoryBudget(
      long totalBytes,
      long freeBytes,
      long reclaimableBytes,
      List<MemoryPart> reserved,
      String source) {
    this(
        totalBytes,
        freeBytes,
        Arguments.notNegative(reclaimableBytes, "reclaimableBytes") == 0
            ? List.of()
            : List.of(new MemoryPart("resident models", reclaimableBytes)),
        reserved,
        List.of(),
        List.of(),
        MemoryPressure.UNKNOWN,
        source,
        List.of());
  }

  /**
   * The same with other residents.
   *
   * @param back what evictions ahead of the task give back, in their order
   * @param could what else a person could unload
   * @return a copy
   */
  public MemoryBudget withResidents(List<MemoryPart> back, List<MemoryPart> could) {
    return new MemoryBudget(
        totalBytes, freeBytes, back, reserved, claimed, could, pressure, source, notes);
  }

  /**
   * The same with other claims.
   *
   * @param others what others will still take
   * @return a copy
   */
  public MemoryBudget withClaimed(List<MemoryPart> others) {
    return new MemoryBudget(
        totalBytes, freeBytes, givenBack, reserved, others, unloadable, pressure, source, notes);
  }

  /**
   * The same under another pressure.
   *
   * @param felt how hard it is to find free memory
   * @return a copy
   */
  public MemoryBudget withPressure(MemoryPressure felt) {
    return new MemoryBudget(
        totalBytes, freeBytes, givenBack, reserved, claimed, unloadable, felt, source, notes);
  }

  /**
   * The sum of what evictions give back.
   *
   * @return bytes, at most {@link Long#MAX_VALUE}
   */
  public long reclaimableBytes() {
    return sum(givenBack);
  }

  /**
   * The sum of what is reserved.
   *
   * @return bytes, at most {@link Long#MAX_VALUE}
   */
  public long reservedBytes() {
    return sum(reserved);
  }

  /**
   * The sum of what others will still take.
   *
   * @return bytes, at most {@link Long#MAX_VALUE}
   */
  public long claimedBytes() {
    return sum(claimed);
  }

  /**
   * What could be taken once the evictions ahead of the task have happened.
   *
   * @return bytes, at most the total
   */
  public long availableBytes() {
    return Math.min(totalBytes, plus(freeBytes, reclaimableBytes()));
  }

  private static long sum(List<MemoryPart> parts) {
    long sum = 0;
    for (MemoryPart part : parts) {
      sum = plus(sum, part.bytes());
    }
    return sum;
  }

  /** Of two sizes, without overflow: an absurd sum must not turn into a fit. */
  static long plus(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
