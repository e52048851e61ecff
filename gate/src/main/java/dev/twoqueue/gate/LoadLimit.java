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
   * @param ofQuota so much of each core of a CPU quota in use holds; infinite where the limit is
   *     absolute, since what others use below a quota is part of what they use of the machine
   * @param text the limit for people, absolute and per core
   */
  record Here(double cores, double ofQuota, double io, double memory, String text) {

    /** Whether a share of this limit is kept in every respect; NaN keeps none. */
    boolean isKept(ForeignLoad.Reading reading, double share) {
      return reading.foreignCores() < cores * share
          && reading
              .stalls()
              .map(it -> it.io() < io * share && it.memory() < memory * share)
              .orElse(true)
          && reading
              .quota()
              .map(it -> it.foreignCores().orElse(0) < ofQuota * it.cores() * share)
              .orElse(true);
    }

    /** The figures of a CPU quota and its limit, to be added to the others; empty without one. */
    String ofQuota(ForeignLoad.Reading reading) {
      return reading
          .quota()
          .map(
              it ->
                  "; of the "
                      + Numbers.fixed(it.cores(), 2)
                      + " cores that this control group may use others use "
                      + Numbers.fixed(it.foreignCores().orElse(0), 2)
                      + (Double.isInfinite(ofQuota)
                          ? ""
                          : ", limit " + Numbers.fixed(ofQuota * it.cores(), 2)))
          .orElse("");
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
    return Optional.of(
        new Here(cores, perCore ? value : Double.POSITIVE_INFINITY, io, memory, text));
  }
}
