package dev.twoqueue.gate.classify;

import dev.twoqueue.LocalKind;
import org.jspecify.annotations.Nullable;

/** The heaviest of several parts: what a whole counts as. */
final class Heaviest {
  private static final int HEAVIEST = 4;

  private @Nullable WorkClass heaviest;

  void add(WorkClass part) {
    WorkClass before = heaviest;
    if (before == null || weight(part) > weight(before)) {
      heaviest = part;
    }
  }

  /** Whether no other part can change it. */
  boolean isFinal() {
    WorkClass found = heaviest;
    return found != null && weight(found) == HEAVIEST;
  }

  WorkClass or(WorkClass none) {
    WorkClass found = heaviest;
    return found == null ? none : found;
  }

  /**
   * An unknown may be heavy, so it weighs more than what is known not to be; and of two that are
   * heavy, the one says more that has a kind of its own.
   */
  private static int weight(WorkClass part) {
    if (part instanceof WorkClass.LocalHeavy heavy) {
      return heavy.kind() == LocalKind.OTHER ? HEAVIEST - 1 : HEAVIEST;
    }
    return part instanceof WorkClass.Unknown ? 2 : part instanceof WorkClass.Fleet ? 1 : 0;
  }
}
