package dev.twoqueue.ollama;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Reads off the lines of a pull how far it is, how fast it runs and how long it will take. For one
 * pull and one thread at a time.
 *
 * <p>What an earlier pull had downloaded counts as done, not as speed.
 */
public final class PullMeter {
  private static final long WINDOW_NANOS = 10_000_000_000L;
  private static final long SAMPLE_NANOS = 100_000_000L;

  /**
   * How a pull stands.
   *
   * @param status for people, as the server says it
   * @param doneBytes how much is there
   * @param totalBytes how much there will be: what the meter was made with, else the sum of the
   *     layers that have begun, which grows; the largest layer comes first
   * @param bytesPerSecond over the last 10 s; 0 until there is something to go by
   * @param timeLeft at this rate; empty without a rate
   */
  public record Reading(
      String status,
      long doneBytes,
      long totalBytes,
      double bytesPerSecond,
      Optional<Duration> timeLeft) {}

  private record Sample(long nanos, long arrived) {}

  private static final class Layer {
    private final long total;
    private final long before;
    private long completed;

    private Layer(PullProgress first) {
      this.total = first.totalBytes();
      this.before = first.completedBytes();
      this.completed = before;
    }
  }

  private final long expected;
  private final LongSupplier nanoTime;
  private final Map<String, Layer> layers = new LinkedHashMap<>();
  private final ArrayDeque<Sample> samples = new ArrayDeque<>();

  /** A meter for a pull whose size is not known before. */
  public PullMeter() {
    this(0, System::nanoTime);
  }

  /**
   * A meter for a pull of known size.
   *
   * @param totalBytes as {@link OllamaApi#pullSize} gives it, 0 for unknown
   * @throws IllegalArgumentException when negative
   */
  public PullMeter(long totalBytes) {
    this(totalBytes, System::nanoTime);
  }

  PullMeter(long totalBytes, LongSupplier nanoTime) {
    this.expected = Arguments.between(totalBytes, 0, Long.MAX_VALUE, "totalBytes");
    this.nanoTime = nanoTime;
  }

  /**
   * Takes the next line.
   *
   * @param line as it came
   * @return how the pull stands now
   */
  public Reading take(PullProgress line) {
    line.digest()
        .ifPresent(
            digest ->
                layers.computeIfAbsent(digest, any -> new Layer(line)).completed =
                    line.completedBytes());
    long done = 0;
    long total = 0;
    long arrived = 0;
    for (Layer layer : layers.values()) {
      done += layer.completed;
      total += layer.total;
      arrived += layer.completed - layer.before;
    }
    total = Math.max(Math.max(total, done), expected);
    double rate = rate(arrived);
    Optional<Duration> left =
        rate > 0
            ? Optional.of(Duration.ofMillis(Math.round((total - done) / rate * 1000)))
            : Optional.empty();
    return new Reading(line.status(), done, total, rate, left);
  }

  private double rate(long arrived) {
    long now = nanoTime.getAsLong();
    Sample last = samples.peekLast();
    if (last == null || now - last.nanos() >= SAMPLE_NANOS) {
      samples.addLast(new Sample(now, arrived));
    }
    while (samples.size() > 2 && now - samples.getFirst().nanos() > WINDOW_NANOS) {
      samples.removeFirst();
    }
    Sample first = samples.getFirst();
    long nanos = now - first.nanos();
    return nanos < SAMPLE_NANOS ? 0 : Math.max(0, arrived - first.arrived()) / (nanos / 1e9);
  }
}
