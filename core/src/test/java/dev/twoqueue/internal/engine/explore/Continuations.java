package dev.twoqueue.internal.engine.explore;

import java.util.Arrays;

/**
 * Where each state goes under one fair schedule. The schedule is a function of the state, so every
 * state has one successor, and a cycle among them is one without progress.
 */
final class Continuations {
  private static final int UNKNOWN = -1;
  private static final int END = -2;

  private int[] next = new int[0];

  void ends(int state) {
    set(state, END);
  }

  void goes(int state, int to) {
    set(state, to);
  }

  private void set(int state, int to) {
    if (state >= next.length) {
      int before = next.length;
      next = Arrays.copyOf(next, Math.max(1 << 12, Math.max(state + 1, before * 2)));
      Arrays.fill(next, before, next.length, UNKNOWN);
    }
    next[state] = to;
  }

  /** The first state from which this schedule comes to no end; -1 for none. */
  int firstWithoutEnd() {
    // 0 for not looked at, else the number of the walk that came by first.
    int[] walks = new int[next.length];
    for (int from = 0; from < next.length; from++) {
      int at = from;
      while (at >= 0 && at < next.length && walks[at] == 0) {
        walks[at] = from + 1;
        at = next[at];
      }
      // A walk that comes back to itself goes in a circle; an older one was found to end.
      if (at >= 0 && at < next.length && walks[at] == from + 1 && next[from] != UNKNOWN) {
        return from;
      }
    }
    return -1;
  }
}
