package dev.twoqueue.examples.replay;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Jobs in the order of their arrival.
 *
 * @param name what people call it
 * @param jobs at least one, none earlier than the one before it
 */
public record Trace(String name, List<Job> jobs) {
  private static final double NANOS = 1e9;

  public Trace {
    jobs = List.copyOf(jobs);
    if (jobs.isEmpty()) {
      throw new IllegalArgumentException("jobs must not be empty");
    }
    for (int i = 1; i < jobs.size(); i++) {
      if (jobs.get(i).arrival().compareTo(jobs.get(i - 1).arrival()) < 0) {
        throw new IllegalArgumentException("job " + i + " arrives before the one that precedes it");
      }
    }
  }

  /**
   * From the first arrival to the last.
   *
   * @return 0 where all arrive at once
   */
  public Duration span() {
    return jobs.get(jobs.size() - 1).arrival().minus(jobs.get(0).arrival());
  }

  /**
   * What all jobs take together, without loads.
   *
   * @return 0 or more
   */
  public Duration work() {
    return jobs.stream().map(Job::execution).reduce(Duration.ZERO, Duration::plus);
  }

  /**
   * The share of the span that one worker needs for the jobs themselves, without loads.
   *
   * @return above 1 when it cannot keep up; infinite where all arrive at once
   */
  public double load() {
    return (double) work().toNanos() / span().toNanos();
  }

  /**
   * The same jobs, arriving faster or slower by one factor.
   *
   * @param load what {@link #load} is to be; above 0
   * @return a trace of that load, but for rounding to the nanosecond
   * @throws IllegalArgumentException where all jobs arrive at once or take no time, or where they
   *     would arrive over more than 100,000 days
   */
  public Trace atLoad(double load) {
    if (span().isZero() || work().isZero()) {
      throw new IllegalArgumentException(
          "the load of " + name + " cannot be changed: it needs two arrival times, and some work");
    }
    Duration first = jobs.get(0).arrival();
    double factor = load() / load;
    if (span().toDays() * factor > 100_000) {
      throw new IllegalArgumentException(
          "the load " + load + " is too low for " + name + ": try one nearer to " + load());
    }
    return new Trace(
        name,
        jobs.stream()
            .map(
                job ->
                    new Job(
                        scaled(job.arrival().minus(first), factor), job.model(), job.execution()))
            .toList());
  }

  private static Duration scaled(Duration duration, double factor) {
    return Duration.ofNanos(Math.round(duration.toNanos() * factor));
  }

  /**
   * How many jobs each model has.
   *
   * @return the models' counts
   */
  public Map<String, Integer> jobsByModel() {
    Map<String, Integer> counts = new HashMap<>();
    jobs.forEach(job -> counts.merge(job.model(), 1, Integer::sum));
    return counts;
  }

  /**
   * The share of the jobs that need the most popular model.
   *
   * @return above 0, at most 1
   */
  public double shareOfMostPopular() {
    return (double) Collections.max(jobsByModel().values()) / jobs.size();
  }

  /**
   * Swaps per job when the jobs run in the order of their arrival.
   *
   * @return the share of the jobs whose model is not that of the job before; the first one counts
   */
  public double swapsInOrder() {
    int swaps = 1;
    for (int i = 1; i < jobs.size(); i++) {
      swaps += jobs.get(i).model().equals(jobs.get(i - 1).model()) ? 0 : 1;
    }
    return (double) swaps / jobs.size();
  }

  /**
   * How long a job runs on average.
   *
   * @return seconds
   */
  public double meanExecutionSeconds() {
    return work().toNanos() / NANOS / jobs.size();
  }
}
