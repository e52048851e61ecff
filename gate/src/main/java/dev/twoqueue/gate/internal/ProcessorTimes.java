package dev.twoqueue.gate.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.StringTokenizer;

/**
 * {@code /proc/stat}: how many processors there are, and for how long they were busy. Both from one
 * file: in a container with LXCFS this file may be the container's while {@code cpuinfo} is the
 * host's, or the other way round.
 *
 * @param processors how many are listed; empty where none is
 * @param busyNanos user, nice, system and both kinds of interrupts, of all together; idle, waiting
 *     and stolen time are left out
 */
record ProcessorTimes(OptionalInt processors, long busyNanos) {
  /**
   * Reads.
   *
   * @param file usually {@code /proc/stat}
   * @param ticksPerSecond its unit
   */
  static ProcessorTimes read(Path file, long ticksPerSecond) throws IOException {
    String text = SmallFile.required(file);
    if (!text.startsWith("cpu ")) {
      throw new IOException("no CPU time in " + file);
    }
    int processors = 0;
    int at = text.indexOf("\ncpu");
    while (at >= 0) {
      processors++;
      at = text.indexOf("\ncpu", at + 1);
    }
    return new ProcessorTimes(
        processors > 0 ? OptionalInt.of(processors) : OptionalInt.empty(),
        Math.multiplyExact(busyTicks(text, file), 1_000_000_000L / ticksPerSecond));
  }

  /** Fields 1 to 3, 6 and 7: user, nice, system, irq, softirq. Guests' time is part of user. */
  private static long busyTicks(String text, Path file) throws IOException {
    int end = text.indexOf('\n');
    StringTokenizer fields = new StringTokenizer(end < 0 ? text : text.substring(0, end));
    fields.nextToken();
    long busy = 0;
    int field = 1;
    for (; field <= 7 && fields.hasMoreTokens(); field++) {
      long ticks = SmallFile.parse(fields.nextToken(), file);
      busy += field <= 3 || field >= 6 ? ticks : 0;
    }
    if (field <= 7 || busy < 0) {
      throw new IOException("not the CPU time of all processors in " + file);
    }
    return busy;
  }
}
