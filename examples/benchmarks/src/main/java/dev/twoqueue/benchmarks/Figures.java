package dev.twoqueue.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What JMH measured, by name and round. */
final class Figures {
  private record Figure(double score, double bytesPerOperation) {}

  private final Map<String, List<Figure>> rounds = new LinkedHashMap<>();

  void add(String name, double score, double bytesPerOperation) {
    rounds.computeIfAbsent(name, n -> new ArrayList<>()).add(new Figure(score, bytesPerOperation));
  }

  /** The name of the 99th percentile, where each operation was timed by itself. */
  static String slowest(String name) {
    return name + " 99 %";
  }

  boolean has(String name) {
    return rounds.containsKey(name);
  }

  /** The median over the rounds. */
  double score(String name) {
    return median(of(name).stream().mapToDouble(Figure::score).toArray());
  }

  /** The median over the rounds. */
  double bytes(String name) {
    return median(of(name).stream().mapToDouble(Figure::bytesPerOperation).toArray());
  }

  /** The median of the ratios within each round: what disturbed one round disturbed both. */
  double ratio(String name, String base) {
    List<Figure> over = of(name);
    List<Figure> under = of(base);
    return median(
        IntStream.range(0, over.size())
            .mapToDouble(i -> over.get(i).score() / under.get(i).score())
            .toArray());
  }

  private List<Figure> of(String name) {
    List<Figure> found = rounds.get(name);
    if (found == null) {
      throw new IllegalArgumentException("nothing was measured for " + name);
    }
    return found;
  }

  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
