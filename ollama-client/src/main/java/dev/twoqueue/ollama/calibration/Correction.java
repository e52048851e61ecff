package dev.twoqueue.ollama.calibration;

import dev.twoqueue.MemoryPart;
import dev.twoqueue.WorkingSet;
import java.util.ArrayList;
import java.util.List;

/**
 * What the last loads of one model with one setting say of its next forecast.
 *
 * <ul>
 *   <li><b>High</b> is raised to the 90th percentile of the loads and 2 % more, from the first one
 *       on, to at most twice the formula's. It is lowered only after five loads that two accounts
 *       agree on, never below the largest of all loads and 5 % more, and by at most half of its
 *       distance to the likely figure.
 *   <li><b>Likely</b> moves to the median from the third load on.
 *   <li>Neither is ever below the weights or the formula's low figure.
 * </ul>
 *
 * <p>So a reading that is too low cannot make a later forecast unsafe, and one that is too high
 * costs room for at most {@value #KEPT} loads.
 *
 * @param samples the last loads, the oldest first; at most {@value #KEPT}
 */
record Correction(List<Sample> samples) {
  static final int KEPT = 16;
  static final Correction NONE = new Correction(List.of());

  private static final int TO_MOVE = 3;
  private static final int TO_LOWER = 5;
  private static final double QUANTILE = 0.9;
  private static final double ABOVE_QUANTILE = 1.02;
  private static final double ABOVE_LARGEST = 1.05;

  Correction {
    samples = List.copyOf(samples.subList(Math.max(0, samples.size() - KEPT), samples.size()));
  }

  Correction plus(Sample sample) {
    List<Sample> more = new ArrayList<>(samples);
    more.add(sample);
    return new Correction(more);
  }

  WorkingSet.Known of(WorkingSet.Known formula) {
    if (samples.isEmpty()) {
      return formula;
    }
    long floor = Weights.floor(formula);
    long high = high(formula);
    long likely = formula.likelyBytes();
    if (samples.size() >= TO_MOVE) {
      likely = Weights.times(likely, quantile(0.5));
    }
    likely = Math.max(Math.min(likely, high), floor);
    return new WorkingSet.Known(
        parts(formula, likely),
        formula.lowBytes(),
        high,
        assumptions(formula),
        alternatives(formula, high));
  }

  private long high(WorkingSet.Known formula) {
    long high = formula.highBytes();
    long likely = formula.likelyBytes();
    long seen = Weights.times(likely, quantile(QUANTILE) * ABOVE_QUANTILE);
    if (seen >= high) {
      return Math.min(seen, Weights.times(high, Measurement.MOST));
    }
    if (samples.stream().filter(sample -> sample.accounts() >= 2).count() < TO_LOWER) {
      return high;
    }
    long largest = Weights.times(likely, quantile(1) * ABOVE_LARGEST);
    return Math.min(high, Math.max(largest, high - (high - likely) / 2));
  }

  /** By nearest rank. */
  private double quantile(double share) {
    double[] sorted = samples.stream().mapToDouble(Sample::ratio).sorted().toArray();
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }

  /** The formula's parts, and a line for the correction; where it takes away, what is no weight. */
  private static List<MemoryPart> parts(WorkingSet.Known formula, long likely) {
    long more = likely - formula.likelyBytes();
    List<MemoryPart> parts = new ArrayList<>(formula.parts());
    if (more > 0) {
      parts.add(new MemoryPart("calibration by earlier loads", more));
      return parts;
    }
    for (int i = parts.size() - 1; i >= 0 && more < 0; i--) {
      MemoryPart part = parts.get(i);
      long less = part.name().startsWith("weights") ? 0 : Math.min(part.bytes(), -more);
      parts.set(i, new MemoryPart(part.name(), part.bytes() - less));
      more += less;
    }
    return parts;
  }

  private List<String> assumptions(WorkingSet.Known formula) {
    List<String> assumptions = new ArrayList<>(formula.assumptions());
    assumptions.add("corrected by the last " + samples.size() + " load(s) with these settings");
    return assumptions;
  }

  /** What is smaller by a setting is off by the same factor, where that is upwards. */
  private static List<WorkingSet.Alternative> alternatives(WorkingSet.Known formula, long high) {
    double factor = formula.highBytes() == 0 ? 1 : (double) high / formula.highBytes();
    return factor <= 1
        ? formula.alternatives()
        : formula.alternatives().stream()
            .map(
                other ->
                    new WorkingSet.Alternative(
                        other.change(),
                        other.likelyBytes(),
                        Weights.times(other.highBytes(), factor)))
            .toList();
  }
}
