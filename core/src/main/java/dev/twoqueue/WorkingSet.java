package dev.twoqueue;

import java.util.List;

/**
 * The memory that a task will take beyond what is in use when it is looked at: a model that is
 * already resident costs nothing more.
 */
public sealed interface WorkingSet {

  /**
   * A forecast.
   *
   * <p>The constructor throws {@link IllegalArgumentException} when a size is negative, or not low
   * ≤ likely ≤ high.
   *
   * @param parts what the likely figure is made of, in the order of a reader's interest
   * @param lowBytes the least it may take
   * @param highBytes the most it may take; decides whether it fits
   * @param assumptions what was taken for granted, for people ("num_ctx 4096 is the server's
   *     default")
   * @param alternatives what would make it smaller, best first; each is shown only where the same
   *     budget says that it fits
   */
  record Known(
      List<MemoryPart> parts,
      long lowBytes,
      long highBytes,
      List<String> assumptions,
      List<Alternative> alternatives)
      implements WorkingSet {
    public Known {
      parts = Arguments.copyOf(parts, "parts");
      assumptions = Arguments.copyOf(assumptions, "assumptions");
      alternatives = Arguments.copyOf(alternatives, "alternatives");
      Arguments.notNegative(lowBytes, "lowBytes");
      long likely = sum(parts);
      if (lowBytes > likely || likely > highBytes) {
        throw new IllegalArgumentException(
            "low ≤ likely ≤ high does not hold: " + lowBytes + ", " + likely + ", " + highBytes);
      }
    }

    /**
     * A forecast that knows of nothing that would make it smaller.
     *
     * @param parts what the likely figure is made of
     * @param lowBytes the least it may take
     * @param highBytes the most it may take
     * @param assumptions what was taken for granted, for people
     */
    public Known(List<MemoryPart> parts, long lowBytes, long highBytes, List<String> assumptions) {
      this(parts, lowBytes, highBytes, assumptions, List.of());
    }

    /**
     * The figure to show: the sum of the parts.
     *
     * @return bytes
     */
    public long likelyBytes() {
      return sum(parts);
    }

    private static long sum(List<MemoryPart> parts) {
      long sum = 0;
      for (MemoryPart part : parts) {
        sum += part.bytes();
        if (sum < 0) {
          throw new IllegalArgumentException("parts are more bytes in all than can be counted");
        }
      }
      return sum;
    }
  }

  /**
   * What the same task would take with one setting changed.
   *
   * <p>The constructor throws {@link IllegalArgumentException} when the change is blank, a size is
   * negative, or likely is above high.
   *
   * @param change what to change, for people: "num_ctx 8192 instead of 32768", "q8_0 KV cache"
   * @param likelyBytes the figure to show
   * @param highBytes the most it may take; decides whether it fits
   */
  record Alternative(String change, long likelyBytes, long highBytes) {
    public Alternative {
      Arguments.notBlank(change, "change");
      Arguments.notNegative(likelyBytes, "likelyBytes");
      if (likelyBytes > highBytes) {
        throw new IllegalArgumentException(
            "likely ≤ high does not hold: " + likelyBytes + ", " + highBytes);
      }
    }
  }

  /**
   * Nobody could say. A task whose need is unknown is held, never let pass.
   *
   * <p>The constructor throws {@link IllegalArgumentException} when the reason is blank.
   *
   * @param reason why, for people
   */
  record Unknown(String reason) implements WorkingSet {
    public Unknown {
      Arguments.notBlank(reason, "reason");
    }
  }

  /**
   * A need stated as one exact figure.
   *
   * @param name what it is for
   * @param bytes how much
   * @param assumptions what was taken for granted
   * @return the working set
   */
  static Known exactly(String name, long bytes, String... assumptions) {
    List<String> assumed = List.of(Arguments.notNull(assumptions, "assumptions"));
    return new Known(List.of(new MemoryPart(name, bytes)), bytes, bytes, assumed);
  }

  /**
   * Nobody could say.
   *
   * @param reason why, for people
   * @return the working set
   */
  static Unknown unknown(String reason) {
    return new Unknown(reason);
  }
}
