package dev.twoqueue.gate;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How much others may use: cores, or a share of each, and how long tasks may stand still.
 *
 * @param value cores, or the share
 * @param perCore which of them
 * @param io share of time in which some task waits for a disk
 * @param memory share of time in which some task waits for memory
 */
record LoadLimit(double value, boolean perCore, double io, double memory) {

  /**
   * The limit on one machine.
   *
   * @param cores so many cores in use hold
   * @param text the limit for people, absolute and per core
   */
  record Here(double cores, double io, double memory, String text) {

    /** Whether a share of this limit is kept in every respect; NaN keeps none. */
    boolean isKept(ForeignLoad.Reading reading, double share) {
      return reading.foreignCores() < cores * share
          && reading
              .stalls()
              .map(it -> it.io() < io * share && it.memory() < memory * share)
              .orElse(true);
    }
  }

  /** Empty where it depends on how many cores there are, and that is unknown. */
  Optional<Here> on(OptionalInt known) {
    if (known.isEmpty() && perCore) {
      return Optional.empty();
    }
    double cores = perCore ? value * known.orElse(1) : value;
    String each =
        known.isEmpty()
            ? ""
            : " ("
                + Numbers.fixed(cores / known.getAsInt(), 2)
                + " on each of "
                + known.getAsInt()
                + " cores)";
    String stalls = ", stalls " + Numbers.percent(io) + " and " + Numbers.percent(memory);
    String text = "limit " + Numbers.fixed(cores, 2) + each + stalls;
    return Optional.of(new Here(cores, io, memory, text));
  }
}
