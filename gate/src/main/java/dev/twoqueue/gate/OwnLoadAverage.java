package dev.twoqueue.gate;

/**
 * Our own share of the 1-minute load average, never over-estimated: the same exponential average
 * over the CPU time that our processes used. Pure: it is told the time.
 *
 * <p>Between two looks only the sum C of that time is known, not when it was used. The average
 * weighs late work more, so the least that it can be is what a burst on all k processors right
 * after the earlier look leaves of itself: with d = C / k of the time T between them, k · (1 −
 * e^(−d/60)) · e^(−(T − d)/60). What is not known stays with the others, which can hold but never
 * admit.
 */
final class OwnLoadAverage {
  private static final double MINUTE_NANOS = 60e9;

  private boolean begun;
  private long lastNanos;
  private long lastCpuNanos;
  private double average;

  /**
   * Goes on to now.
   *
   * @param cpuNanos the CPU time of our processes together; where it falls, since one has ended,
   *     nothing is added for that time
   * @param processors how many can run at once
   * @return the least that our own share can be
   */
  double at(long nowNanos, long cpuNanos, int processors) {
    double elapsed = begun ? Math.max(0, nowNanos - lastNanos) : 0;
    double used = begun ? Math.max(0, cpuNanos - lastCpuNanos) : 0;
    double burst = Math.min(elapsed, used / processors);
    average =
        average * Math.exp(-elapsed / MINUTE_NANOS)
            + processors
                * -Math.expm1(-burst / MINUTE_NANOS)
                * Math.exp(-(elapsed - burst) / MINUTE_NANOS);
    begun = true;
    lastNanos = nowNanos;
    lastCpuNanos = cpuNanos;
    return average;
  }
}
