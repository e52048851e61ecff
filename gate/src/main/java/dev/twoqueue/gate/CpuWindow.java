package dev.twoqueue.gate;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The CPU time of the system over a short window, split into ours and that of others, and the time
 * that tasks stood still. Pure: it is fed samples, and knows no clock.
 *
 * <p>foreign = (Δ busy ticks − Δ CPU time of our processes) / Δ time, in cores.
 *
 * <p><b>A process of ours that ends within the window.</b> Linux adds the CPU time of a child that
 * was waited for to its parent's account, so the sum over our trees, ended children included, loses
 * nothing. Where a system keeps no such account, or the child was not waited for, what the process
 * used since the first sample counts as foreign: the load is over-estimated, which is safe, and
 * only until the window has moved past its end, {@link #OLDEST} at most. Comparing bare sums would
 * be worse: an hour of CPU time that vanishes with its process would look like an hour of foreign
 * load. So the larger of two lower bounds is taken: what our living processes used, and the change
 * of the sum.
 */
final class CpuWindow {
  /** The window aimed at. */
  static final Duration LENGTH = Duration.ofSeconds(2);

  /** Below this, ticks of 10 ms and the time between two reads weigh too much. */
  static final Duration SHORTEST = Duration.ofMillis(500);

  /** An older sample would mix a load that is over into one that has begun. */
  static final Duration OLDEST = Duration.ofSeconds(5);

  /**
   * What a window showed.
   *
   * @param foreignCores CPU time of others per time
   * @param ownCores CPU time of ours per time
   * @param stalls empty where the system does not tell
   * @param foreignOfQuota CPU time of others below the same quota per time; empty where there is
   *     none, or it is not told
   */
  record Measured(
      double foreignCores,
      double ownCores,
      Optional<StallShares> stalls,
      OptionalDouble foreignOfQuota,
      Duration over) {}

  /**
   * Shares of time in which some task stood still; whose it was the system does not tell.
   *
   * @param cpu for want of a processor
   * @param io for want of a disk
   * @param memory for want of memory
   */
  record StallShares(double cpu, double io, double memory) {}

  /** Stalls, which are read at another moment than the table. */
  record StallReading(long atNanos, Stalls stalls) {}

  /**
   * What all below a quota have used, which is read at another moment than the table.
   *
   * @param ours those of the table's processes that are ours and below it
   */
  record QuotaReading(long atNanos, CpuQuota quota, BitSet ours) {}

  private record Sample(
      ProcessTable table,
      long busyNanos,
      BitSet ours,
      Optional<StallReading> stalls,
      Optional<QuotaReading> quota) {
    long atNanos() {
      return table.takenAtNanos();
    }
  }

  private final Deque<Sample> samples = new ArrayDeque<>();

  /** Adds what was read now; a table that was seen before adds nothing. */
  void add(
      ProcessTable table,
      long busyNanos,
      BitSet ours,
      Optional<StallReading> stalls,
      Optional<QuotaReading> quota) {
    @Nullable Sample last = samples.peekLast();
    if (last != null && table.takenAtNanos() - last.atNanos() <= 0) {
      return;
    }
    if (last != null && busyNanos < last.busyNanos) {
      samples.clear(); // a processor went away, or the counter began anew
    }
    samples.addLast(new Sample(table, busyNanos, ours, stalls, quota));
    samples.removeIf(sample -> table.takenAtNanos() - sample.atNanos() > OLDEST.toNanos());
  }

  /** The split from the latest sample back to the one nearest to the window's length. */
  Optional<Measured> measure() {
    @Nullable Sample now = samples.peekLast();
    if (now == null) {
      return Optional.empty();
    }
    @Nullable Sample then = null;
    for (Sample sample : samples) {
      long age = now.atNanos() - sample.atNanos();
      boolean longEnough = age >= (then == null ? SHORTEST : LENGTH).toNanos();
      if (longEnough) {
        then = sample;
      }
    }
    return then == null ? Optional.empty() : Optional.of(between(then, now));
  }

  private static Measured between(Sample then, Sample now) {
    double elapsed = now.atNanos() - then.atNanos();
    long busy = now.busyNanos - then.busyNanos;
    long own = ownNanos(then.table, then.ours, now.table, now.ours);
    return new Measured(
        Math.max(0, busy - own) / elapsed,
        own / elapsed,
        then.stalls.flatMap(before -> now.stalls.flatMap(after -> shares(before, after))),
        foreignOfQuota(then, now),
        Duration.ofNanos(now.atNanos() - then.atNanos()));
  }

  private static Optional<StallShares> shares(StallReading then, StallReading now) {
    double elapsed = now.atNanos - then.atNanos;
    return elapsed <= 0
        ? Optional.empty()
        : Optional.of(
            new StallShares(
                (now.stalls.cpuNanos() - then.stalls.cpuNanos()) / elapsed,
                (now.stalls.ioNanos() - then.stalls.ioNanos()) / elapsed,
                (now.stalls.memoryNanos() - then.stalls.memoryNanos()) / elapsed));
  }

  private static OptionalDouble foreignOfQuota(Sample then, Sample now) {
    if (then.quota.isEmpty() || now.quota.isEmpty()) {
      return OptionalDouble.empty();
    }
    QuotaReading before = then.quota.get();
    QuotaReading after = now.quota.get();
    OptionalLong usedBefore = before.quota.usedNanos();
    OptionalLong usedAfter = after.quota.usedNanos();
    boolean same = before.quota.group().equals(after.quota.group());
    if (!same || usedBefore.isEmpty() || usedAfter.isEmpty() || after.atNanos <= before.atNanos) {
      return OptionalDouble.empty();
    }
    double all =
        (double) (usedAfter.getAsLong() - usedBefore.getAsLong())
            / (after.atNanos - before.atNanos);
    double own =
        (double) ownNanos(then.table, before.ours, now.table, after.ours)
            / (now.atNanos() - then.atNanos());
    return OptionalDouble.of(Math.max(0, all - own));
  }

  private static long ownNanos(
      ProcessTable then, BitSet oursThen, ProcessTable now, BitSet oursNow) {
    long ofLiving = 0;
    long ofAll = 0;
    for (int i = oursNow.nextSetBit(0); i >= 0; i = oursNow.nextSetBit(i + 1)) {
      HostProcess process = now.processes().get(i);
      @Nullable HostProcess before = same(process, then);
      if (before == null) {
        ofLiving += own(process);
        ofAll += withReaped(process);
      } else if (oursThen.get(then.indexOf(before.pid()))) {
        ofLiving += Math.max(0, own(process) - own(before));
        ofAll += withReaped(process) - withReaped(before);
      }
      // One that has become ours since is not counted: what it did before is not ours to excuse.
    }
    for (int i = oursThen.nextSetBit(0); i >= 0; i = oursThen.nextSetBit(i + 1)) {
      HostProcess before = then.processes().get(i);
      if (same(before, now) == null) {
        ofAll -= withReaped(before);
      }
    }
    return Math.max(ofLiving, ofAll);
  }

  /** The same process in another table, told from a later one under its id by its start. */
  private static @Nullable HostProcess same(HostProcess process, ProcessTable table) {
    @Nullable HostProcess found = table.process(process.pid());
    return found != null && found.started().equals(process.started()) ? found : null;
  }

  private static long own(HostProcess process) {
    return orZero(process.cpuNanos());
  }

  private static long withReaped(HostProcess process) {
    return own(process) + orZero(process.reapedCpuNanos());
  }

  /** A share of ours that is unknown stays with the others: that can hold, but never admit. */
  private static long orZero(OptionalLong nanos) {
    return nanos.orElse(0);
  }
}
