package dev.twoqueue.examples.replay;

import dev.twoqueue.ResidencyKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How long tasks ran on average, from those that have ended: nobody knows it of those that wait.
 * For one thread, as virtual time is.
 */
public final class RunTimes {
  private record Sum(long nanos, int count) {
    Sum and(long more) {
      return new Sum(nanos + more, count + 1);
    }
  }

  private static final Sum NONE = new Sum(0, 0);

  private final Map<String, Sum> byModel = new HashMap<>();
  private final Duration guess;
  private Sum all = NONE;

  /**
   * Nothing has ended yet.
   *
   * @param guess what is answered until something has
   */
  RunTimes(Duration guess) {
    this.guess = guess;
  }

  void ended(Job job) {
    long nanos = job.execution().toNanos();
    all = all.and(nanos);
    byModel.merge(job.model(), NONE.and(nanos), (sum, one) -> sum.and(nanos));
  }

  /**
   * How long a task probably runs.
   *
   * @param key its model
   * @return the mean of its model's, with the mean of all as one more; above 0
   */
  public Duration mean(Optional<ResidencyKey> key) {
    long general = all.count == 0 ? guess.toNanos() : all.nanos / all.count;
    Sum own = key.map(ResidencyKey::model).map(byModel::get).orElse(NONE);
    return Duration.ofNanos(Math.max(1, own.and(general).nanos / (own.count + 1)));
  }
}
