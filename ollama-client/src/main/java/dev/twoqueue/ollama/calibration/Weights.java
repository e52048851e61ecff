package dev.twoqueue.ollama.calibration;

import dev.twoqueue.MemoryPart;
import dev.twoqueue.WorkingSet;

/** The physical floor of a forecast. */
final class Weights {
  private Weights() {}

  /** No load takes less than its weights, nor than the least that the formula allows. */
  static long floor(WorkingSet.Known forecast) {
    return Math.max(forecast.lowBytes(), bytes(forecast));
  }

  /** What the parts say of weights; they identify what a name stands for, too. */
  static long bytes(WorkingSet.Known forecast) {
    return forecast.parts().stream()
        .filter(part -> part.name().startsWith("weights"))
        .mapToLong(MemoryPart::bytes)
        .sum();
  }

  /** Without overflow. */
  static long times(long bytes, double factor) {
    return (long) Math.min((double) Long.MAX_VALUE, bytes * factor);
  }
}
