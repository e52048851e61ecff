package dev.twoqueue.gate.classify;

import org.jspecify.annotations.Nullable;

/** The heaviest of several parts: what a whole counts as. */
final class Heaviest {
  private @Nullable WorkClass heaviest;

  void add(WorkClass part) {
    WorkClass before = heaviest;
    if (before == null || weight(part) > weight(before)) {
      heaviest = part;
    }
  }

  boolean isFinal() {
    return heaviest instanceof WorkClass.LocalHeavy;
  }

  WorkClass or(WorkClass none) {
    WorkClass found = heaviest;
    return found == null ? none : found;
  }

  /** An unknown may be heavy, so it weighs more than what is known not to be. */
  private static int weight(WorkClass part) {
    return part instanceof WorkClass.LocalHeavy
        ? 3
        : part instanceof WorkClass.Unknown ? 2 : part instanceof WorkClass.Fleet ? 1 : 0;
  }
}
