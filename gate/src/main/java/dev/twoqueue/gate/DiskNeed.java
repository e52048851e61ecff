package dev.twoqueue.gate;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.ScheduledTask;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * What a task needs of a file system, in bytes.
 *
 * @param declared what it says that it writes; empty when it does not
 * @param keepFree what stays free after the write
 * @param others what other admitted tasks are still to write there
 */
record DiskNeed(OptionalLong declared, long keepFree, long others) {

  static DiskNeed of(ScheduledTask<?> task, long keepFree, long others) {
    OptionalLong declared =
        task instanceof LocalHeavyTask<?> heavy ? heavy.bytesToWrite() : OptionalLong.empty();
    return new DiskNeed(declared, keepFree, others);
  }

  long toWrite() {
    return declared.orElse(0);
  }

  /** By what is left, since what is needed may be more than a long can hold. */
  boolean isMetBy(long free) {
    long left = free - others;
    return left >= 0 && left - toWrite() >= Math.max(keepFree, toWrite());
  }

  String text(Path path, DiskState state) {
    long beside = Math.max(keepFree, toWrite());
    String inFlight = others == 0 ? "" : ", " + gb(others) + " still to come of other tasks";
    String network = state.isNetwork() ? "; a network file system (" + state.type() + ")" : "";
    String quotas = state.quotas() ? "; it keeps quotas, which may leave less" : "";
    long needed = Writes.saturatedAdd(Writes.saturatedAdd(beside, toWrite()), others);
    return gb(state.usableBytes().orElse(0))
        + " free at "
        + path
        + ", "
        + gb(needed)
        + " needed ("
        + (declared.isPresent() ? gb(toWrite()) : "nothing declared")
        + " to be written, and "
        + gb(beside)
        + " beside it"
        + inFlight
        + ")"
        + network
        + quotas;
  }

  /** Decimal, rounded down: a text must not say 30.0 GB where 29.96 held. */
  static String gb(long bytes) {
    boolean small = bytes < 1_000_000_000;
    double tenths = Math.floor(bytes / (small ? 1e5 : 1e8));
    return Numbers.fixed(tenths / 10, 1) + (small ? " MB" : " GB");
  }
}
