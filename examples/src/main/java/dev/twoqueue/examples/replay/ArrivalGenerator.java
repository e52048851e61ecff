package dev.twoqueue.examples.replay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Arrivals with the statistics of a production service: days that are busy or quiet, hours that
 * carry a day's work, few popular models and many rare ones, and now and then the same model twice
 * in a row. The figures are those of the first part of Alibaba's trace GenTD26:
 *
 * <table>
 * <caption>The trace, and what is generated with seeds 1 to 20 (least to most)</caption>
 * <tr><th></th><th>trace</th><th>generated</th></tr>
 * <tr><td>jobs</td><td>12,977</td><td>12,569 to 13,524</td></tr>
 * <tr><td>models</td><td>70</td><td>62 to 70</td></tr>
 * <tr><td>load of one worker</td><td>0.304</td><td>0.293 to 0.316</td></tr>
 * <tr><td>share of the most popular model</td><td>0.286</td><td>0.289 to 0.308</td></tr>
 * <tr><td>share of the eleven most popular</td><td>0.868</td><td>0.874 to 0.886</td></tr>
 * <tr><td>swaps per job in order</td><td>0.766</td><td>0.761 to 0.775</td></tr>
 * <tr><td>mean execution, s</td><td>26.9</td><td>26.6 to 27.0</td></tr>
 * <tr><td>median execution, s</td><td>22</td><td>21.9 to 22.3</td></tr>
 * <tr><td>variance by mean of the jobs an hour</td><td>124</td><td>119 to 136</td></tr>
 * </table>
 */
public final class ArrivalGenerator {
  private static final int MODELS = 70;
  private static final double HOUR = 3_600;

  /** Jobs on a busy day. */
  private static final double BUSY = 1_550;

  /** How busy each day is, a busy one being 1: the service begins, works five days, and rests. */
  private static final double[] DAYS = {
    0.07, 0.07, 0.07, 0.05, 0.5, 0.95, 1, 0.95, 0.07, 1, 1.05, 1.05, 1.05, 0.8
  };

  /** The percentage of a day's jobs that come in each of its 24 hours; the day begins at work. */
  private static final double[] HOURS = {
    8, 11, 2, 3, 13, 14, 15, 16, 4, 3, 3, 2, 1, 1, 0.5, 0.3, 0.3, 0.2, 0, 0, 0, 0, 0.2, 2.5
  };

  /** The last day of the trace ends in the afternoon. */
  private static final int HOURS_IN_ALL = 319;

  /** Popularity by rank falls as a power, cut off exponentially; the rarest have a few jobs. */
  private static final double POWER = 0.75;

  private static final double CUT_OFF = 10;
  private static final double RAREST = 0.0004;

  /** How likely a job needs the model of the one before it, whatever is popular. */
  private static final double SAME_AGAIN = 0.11;

  /** Seconds that half of a model's jobs take at most: three of the popular models are slow. */
  private static final double MEDIAN = 19.5;

  private static final double SLOW = 39;
  private static final double SLOWEST = 63;

  /** The standard deviation of the logarithm of a model's execution times. */
  private static final double SPREAD = 0.36;

  /** The same for an hour's number of jobs. */
  private static final double SWING = 0.25;

  private final Random random;
  private final double[] popularity = new double[MODELS];

  private ArrivalGenerator(long seed) {
    this.random = new Random(seed);
    for (int rank = 0; rank < MODELS; rank++) {
      double share = Math.pow(rank + 1, -POWER) * Math.exp(-(rank + 1) / CUT_OFF);
      popularity[rank] = share + RAREST;
    }
    for (int rank = 1; rank < MODELS; rank++) {
      popularity[rank] += popularity[rank - 1];
    }
  }

  /**
   * Generates two weeks.
   *
   * @param seed the same seed gives the same jobs
   * @return about 13,000 jobs, with arrivals and executions in whole milliseconds
   */
  public static Trace generate(long seed) {
    return new ArrivalGenerator(seed).generate("generated arrivals, seed " + seed);
  }

  private Trace generate(String name) {
    List<Job> jobs = new ArrayList<>();
    int rank = 0;
    for (double at : arrivals()) {
      boolean again = !jobs.isEmpty() && random.nextDouble() < SAME_AGAIN;
      rank = again ? rank : popular();
      double execution = median(rank) * Math.exp(SPREAD * random.nextGaussian());
      jobs.add(new Job(millis(at), "model-%02d".formatted(rank + 1), millis(execution)));
    }
    return new Trace(name, jobs);
  }

  /** A Poisson process whose rate changes by the hour. */
  private double[] arrivals() {
    List<Double> arrivals = new ArrayList<>();
    for (int hour = 0; hour < HOURS_IN_ALL; hour++) {
      double swing = Math.exp(SWING * random.nextGaussian() - SWING * SWING / 2);
      double rate = BUSY * DAYS[hour / 24] * HOURS[hour % 24] / 100 / HOUR * swing;
      double end = (hour + 1) * HOUR;
      double at = hour * HOUR;
      while (rate > 0 && (at += -Math.log(1 - random.nextDouble()) / rate) < end) {
        arrivals.add(at);
      }
    }
    return arrivals.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private int popular() {
    double at = random.nextDouble() * popularity[MODELS - 1];
    int found = Arrays.binarySearch(popularity, at);
    return Math.min(found >= 0 ? found : -found - 1, MODELS - 1);
  }

  private static double median(int rank) {
    return switch (rank + 1) {
      case 2, 9 -> SLOW;
      case 6 -> SLOWEST;
      default -> MEDIAN;
    };
  }

  private static Duration millis(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1_000));
  }
}
