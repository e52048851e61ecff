package dev.twoqueue;

import java.util.Locale;

/**
 * A task's need set against the machine's memory.
 *
 * <p>The constructor throws {@link NullPointerException} when an argument is null.
 *
 * @param need what the task will take
 * @param budget what there is
 */
public record MemoryForecast(WorkingSet.Known need, MemoryBudget budget) {

  public MemoryForecast {
    Arguments.notNull(need, "need");
    Arguments.notNull(budget, "budget");
  }

  /**
   * What is left after the task has started, by the high figure: free + reclaimable − reserved −
   * need, where free + reclaimable is at most the total.
   *
   * @return bytes; negative when it does not fit
   */
  public long headroomBytes() {
    long available =
        Math.min(budget.totalBytes(), plus(budget.freeBytes(), budget.reclaimableBytes()));
    long unreserved = available - budget.reservedBytes();
    long headroom = unreserved - need.highBytes();
    // Sizes are not negative, so the first difference cannot wrap round; the second can, below.
    return unreserved < 0 && headroom > 0 ? -Long.MAX_VALUE : headroom;
  }

  /**
   * Whether the task fits now.
   *
   * @return true when the headroom is not negative
   */
  public boolean fits() {
    return headroomBytes() >= 0;
  }

  /**
   * Whether the task could fit on this machine if nothing else ran.
   *
   * @return false when it never can
   */
  public boolean fitsAlone() {
    return budget.totalBytes() - budget.reservedBytes() >= need.highBytes();
  }

  /**
   * The forecast as a budget, a line a part, in GiB to two decimals.
   *
   * @return several lines, without a line break at the end
   */
  public String describe() {
    StringBuilder text = new StringBuilder(256);
    line(text, "needed", need.highBytes());
    for (MemoryPart part : need.parts()) {
      line(text, "  " + part.name(), part.bytes());
    }
    if (need.highBytes() > need.likelyBytes()) {
      line(text, "  uncertainty", need.highBytes() - need.likelyBytes());
    }
    line(text, "free", budget.freeBytes());
    if (budget.reclaimableBytes() > 0) {
      line(text, "given back by evictions", budget.reclaimableBytes());
    }
    line(text, "reserved", budget.reservedBytes());
    for (MemoryPart part : budget.reserved()) {
      line(text, "  " + part.name(), part.bytes());
    }
    line(text, "total", budget.totalBytes());
    long headroom = headroomBytes();
    line(text, headroom < 0 ? "over by" : "headroom after", Math.abs(headroom));
    text.append("figures: ").append(budget.source());
    for (String assumption : need.assumptions()) {
      text.append("\nassumed: ").append(assumption);
    }
    return text.toString();
  }

  /**
   * Bytes as GiB with two decimals.
   *
   * @param bytes any number of bytes
   * @return for example {@code 39.60 GiB}
   */
  public static String gib(long bytes) {
    return String.format(Locale.ROOT, "%.2f GiB", bytes / (double) (1L << 30));
  }

  private static void line(StringBuilder text, String name, long bytes) {
    text.append(String.format(Locale.ROOT, "%-26s %12s%n", name, gib(bytes)));
  }

  /** Of two sizes, without overflow: an absurd sum must not turn into a fit. */
  private static long plus(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
