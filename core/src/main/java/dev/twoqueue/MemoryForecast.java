package dev.twoqueue;

import java.util.List;
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
   * What is left after the task has started, by the high figure: available − reserved − claimed −
   * need, where available is free + given back, at most the total.
   *
   * @return bytes; negative when it does not fit
   */
  public long headroomBytes() {
    return headroomWith(need.highBytes(), 0);
  }

  /**
   * The same for another need, and with more given back.
   *
   * @param highBytes the most it may take
   * @param moreFree bytes
   */
  long headroomWith(long highBytes, long moreFree) {
    long available =
        Math.min(budget.totalBytes(), MemoryBudget.plus(budget.availableBytes(), moreFree));
    return minus(minus(available - budget.reservedBytes(), budget.claimedBytes()), highBytes);
  }

  /** What would be left if what others still take were theirs no more. */
  long headroomWithoutClaims() {
    return minus(budget.availableBytes() - budget.reservedBytes(), need.highBytes());
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
    return headroomAlone(need.highBytes()) >= 0;
  }

  /** What would be left if nothing else ran. */
  long headroomAlone(long highBytes) {
    return minus(budget.totalBytes() - budget.reservedBytes(), highBytes);
  }

  /**
   * What would make the task fit, each line checked against this very budget: a smaller setting,
   * the end of what runs, a resident model unloaded.
   *
   * @return for people, best first; empty when it fits, never empty otherwise
   */
  public List<String> wouldFit() {
    return fits() ? List.of() : new WhatWouldFit(this).lines();
  }

  /**
   * The forecast as a budget, a line a part, in GiB to two decimals, and what would make it fit.
   *
   * @return several lines, without a line break at the end
   */
  public String describe() {
    StringBuilder text = new StringBuilder(512);
    line(text, "needed", need.highBytes());
    parts(text, need.parts());
    if (need.highBytes() > need.likelyBytes()) {
      line(text, "  uncertainty", need.highBytes() - need.likelyBytes());
    }
    line(text, "free", budget.freeBytes());
    sum(text, "given back by evictions", budget.reclaimableBytes(), budget.givenBack());
    line(text, "reserved", budget.reservedBytes());
    parts(text, budget.reserved());
    sum(text, "still taken by others", budget.claimedBytes(), budget.claimed());
    line(text, "total", budget.totalBytes());
    long headroom = headroomBytes();
    line(text, headroom < 0 ? "over by" : "headroom after", Math.abs(headroom));
    text.append("figures: ").append(budget.source());
    budget.notes().forEach(note -> text.append("\nfigures: ").append(note));
    need.assumptions().forEach(assumed -> text.append("\nassumed: ").append(assumed));
    wouldFit().forEach(way -> text.append("\nwould fit: ").append(way));
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

  private static void sum(StringBuilder text, String name, long sum, List<MemoryPart> parts) {
    if (sum > 0) {
      line(text, name, sum);
      parts(text, parts);
    }
  }

  private static void parts(StringBuilder text, List<MemoryPart> parts) {
    parts.forEach(part -> line(text, "  " + part.name(), part.bytes()));
  }

  private static void line(StringBuilder text, String name, long bytes) {
    text.append(String.format(Locale.ROOT, "%-26s %12s%n", name, gib(bytes)));
  }

  /** Without overflow; what is subtracted is not negative. */
  private static long minus(long a, long b) {
    long difference = a - b;
    return a < 0 && difference > 0 ? -Long.MAX_VALUE : difference;
  }
}
