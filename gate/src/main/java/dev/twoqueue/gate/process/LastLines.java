package dev.twoqueue.gate.process;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Keeps the end of an output. Used by one thread. */
final class LastLines {
  /** Longer lines are cut, so that what is kept stays small. */
  private static final int LONGEST = 1_000;

  private final int most;
  private final Deque<String> lines = new ArrayDeque<>();

  LastLines(int most) {
    this.most = most;
  }

  void add(String line) {
    if (lines.size() == most) {
      lines.poll();
    }
    if (most > 0) {
      lines.add(line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…");
    }
  }

  List<String> list() {
    return List.copyOf(lines);
  }
}
