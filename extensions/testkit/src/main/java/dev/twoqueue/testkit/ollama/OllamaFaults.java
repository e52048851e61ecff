package dev.twoqueue.testkit.ollama;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link SimulatedOllama} does wrong on purpose. A fault <em>next</em> hits one request or
 * load, in the order in which they were set; the others last until {@link #clear}. Safe for use by
 * any number of threads.
 */
public final class OllamaFaults {
  private final Map<String, Queue<Fault>> next = new HashMap<>();
  private final Map<ModelName, Queue<String>> failures = new HashMap<>();
  private final Map<ModelName, Duration> slow = new HashMap<>();
  private @Nullable String fixedPs;
  private @Nullable Duration stalePs;

  OllamaFaults() {}

  /** What happens to a request instead of its answer, or to its answer. */
  sealed interface Fault {
    /** The connection is reset. */
    record Reset() implements Fault {}

    /** Nothing comes, ever. */
    record Hang() implements Fault {}

    /** The answer ends in the middle of its body. */
    record BreakOff() implements Fault {}

    /** Another answer. */
    record Answer(int status, String body) implements Fault {}

    /** A JSON document that goes on for so many bytes. */
    record HugeBody(long bytes) implements Fault {}
  }

  /**
   * Resets the connection of the next request to a path.
   *
   * @param path for example {@code /api/ps}
   */
  public void resetNext(String path) {
    add(path, new Fault.Reset());
  }

  /**
   * Lets the next request to a path hang until its client gives up.
   *
   * @param path for example {@code /api/ps}
   */
  public void hangNext(String path) {
    add(path, new Fault.Hang());
  }

  /**
   * Breaks off the answer to the next request to a path: its headers come, and a half of its first
   * line, and then the connection closes.
   *
   * @param path for example {@code /api/generate}
   */
  public void breakOffNext(String path) {
    add(path, new Fault.BreakOff());
  }

  /**
   * Answers the next request to a path otherwise.
   *
   * @param path for example {@code /api/ps}
   * @param status 200 to 599
   * @param body sent as JSON, whatever it is
   * @throws IllegalArgumentException when the status is not one
   */
  public void answerNext(String path, int status, String body) {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("status must be 200 to 599, was " + status);
    }
    add(path, new Fault.Answer(status, Objects.requireNonNull(body, "body")));
  }

  /**
   * Answers the next request to a path with a JSON document of a size.
   *
   * @param path for example {@code /api/tags}
   * @param bytes at least 1
   * @throws IllegalArgumentException when below 1
   */
  public void hugeBodyNext(String path, long bytes) {
    add(path, new Fault.HugeBody(Check.positive(bytes, "bytes")));
  }

  /**
   * Makes each load of a model take longer.
   *
   * @param model its name
   * @param more beside its own load time, before the time scale
   * @throws IllegalArgumentException when negative or above a year
   */
  public synchronized void slowLoads(String model, Duration more) {
    slow.put(ModelName.of(model), Check.duration(more, "more"));
  }

  /**
   * Fails the next load of a model, at its end, with status 500.
   *
   * @param model its name
   * @param error the text, for example {@code llama-server process has terminated: signal: killed}
   */
  public synchronized void failNextLoad(String model, String error) {
    failures
        .computeIfAbsent(ModelName.of(model), name -> new ArrayDeque<>())
        .add(Check.notBlank(error, "error"));
  }

  /**
   * Lets {@code /api/ps} answer the same, whatever is resident.
   *
   * @param body for example <code>{"models":[]}</code>
   */
  public synchronized void lyingPs(String body) {
    fixedPs = Objects.requireNonNull(body, "body");
  }

  /**
   * Lets {@code /api/ps} answer what was true some time ago.
   *
   * @param age in real time
   * @throws IllegalArgumentException when negative or above a year
   */
  public synchronized void stalePs(Duration age) {
    stalePs = Check.duration(age, "age");
  }

  /** Takes every fault back that has not struck yet. */
  public synchronized void clear() {
    next.clear();
    failures.clear();
    slow.clear();
    fixedPs = null;
    stalePs = null;
  }

  private synchronized void add(String path, Fault fault) {
    if (!Check.notBlank(path, "path").startsWith("/")) {
      throw new IllegalArgumentException("path must begin with /, was " + path);
    }
    next.computeIfAbsent(path, any -> new ArrayDeque<>()).add(fault);
  }

  synchronized @Nullable Fault strike(String path) {
    Queue<Fault> waiting = next.get(path);
    return waiting == null ? null : waiting.poll();
  }

  synchronized @Nullable String loadFailure(SimulatedModel model) {
    Queue<String> waiting = failures.get(ModelName.of(model.name()));
    return waiting == null ? null : waiting.poll();
  }

  synchronized Duration loadTime(SimulatedModel model) {
    Duration more = slow.getOrDefault(ModelName.of(model.name()), Duration.ZERO);
    return model.loadTime().plus(more);
  }

  synchronized @Nullable String fixedPs() {
    return fixedPs;
  }

  synchronized @Nullable Duration stalePs() {
    return stalePs;
  }
}
