package dev.twoqueue.benchmarks;

import dev.twoqueue.DrainPolicy;
import dev.twoqueue.TurnPolicy;
import dev.twoqueue.internal.engine.EngineSettings;

/** The settings of engines that are driven without a shell. */
public final class Engines {
  private Engines() {}

  /**
   * An engine that has nobody to ask: no probe, gates or permits from outside.
   *
   * @param queueLimit how many tasks of each class may wait
   */
  public static EngineSettings unguarded(int queueLimit) {
    return new EngineSettings(
        TurnPolicy.DEFAULT,
        DrainPolicy.DEFAULT,
        false,
        false,
        false,
        false,
        false,
        FleetContenders.LIMIT,
        queueLimit,
        queueLimit,
        Integer.MAX_VALUE,
        1,
        false);
  }
}
