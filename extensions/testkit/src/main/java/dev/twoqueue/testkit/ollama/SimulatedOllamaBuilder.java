package dev.twoqueue.testkit.ollama;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Configures and starts a {@link SimulatedOllama}. Not safe for use by several threads. */
public final class SimulatedOllamaBuilder {
  private static final int LAST_PORT = 65_535;

  private final List<SimulatedModel> installed = new ArrayList<>();
  private final List<SimulatedModel> pullable = new ArrayList<>();
  private OllamaVersion version = OllamaVersion.V0_33;
  private int port;
  private int maxLoadedModels = 3;
  private int maxQueue = 512;
  private Duration keepAlive = Duration.ofMinutes(5);
  private int defaultContext = 4096;
  private Duration unloadTime = Duration.ofMillis(500);
  private boolean gpu;
  private boolean killsOnOutOfMemory;
  private long memoryBytes = 96L << 30;
  private long memoryUsed;
  private long diskBytes = 1_000_000_000_000L;
  private long diskUsed;
  private double pullBytesPerSecond = 100e6;
  private double timeScale = 1;

  SimulatedOllamaBuilder() {}

  /**
   * Installs models. A registry has them as well.
   *
   * @param models by name; a later one replaces an earlier one of the same name
   * @return this
   */
  public SimulatedOllamaBuilder model(SimulatedModel... models) {
    installed.addAll(List.of(models));
    return this;
  }

  /**
   * Puts models into the registry that {@code /api/pull} takes them from.
   *
   * @param models by name
   * @return this
   */
  public SimulatedOllamaBuilder pullable(SimulatedModel... models) {
    pullable.addAll(List.of(models));
    return this;
  }

  /**
   * Sets whose behaviour it has.
   *
   * @param version 0.33 by default
   * @return this
   */
  public SimulatedOllamaBuilder version(OllamaVersion version) {
    this.version = Objects.requireNonNull(version, "version");
    return this;
  }

  /**
   * Sets the port.
   *
   * @param port 1 to 65535, or 0 for any that is free, the default
   * @return this
   * @throws IllegalArgumentException when it is none
   */
  public SimulatedOllamaBuilder port(int port) {
    if (port < 0 || port > LAST_PORT) {
      throw new IllegalArgumentException("port must be 0 to 65535, was " + port);
    }
    this.port = port;
    return this;
  }

  /**
   * Sets OLLAMA_MAX_LOADED_MODELS.
   *
   * @param count 3 by default, as on a machine without GPU
   * @return this
   * @throws IllegalArgumentException when below 1
   */
  public SimulatedOllamaBuilder maxLoadedModels(int count) {
    this.maxLoadedModels = Check.positive(count, "maxLoadedModels");
    return this;
  }

  /**
   * Sets OLLAMA_MAX_QUEUE.
   *
   * @param count 512 by default
   * @return this
   * @throws IllegalArgumentException when below 1
   */
  public SimulatedOllamaBuilder maxQueue(int count) {
    this.maxQueue = Check.positive(count, "maxQueue");
    return this;
  }

  /**
   * Sets OLLAMA_KEEP_ALIVE: real time, which the time scale does not shorten.
   *
   * @param time up to a year; 5 minutes by default
   * @return this
   * @throws IllegalArgumentException when negative or longer
   */
  public SimulatedOllamaBuilder keepAlive(Duration time) {
    this.keepAlive = Check.duration(time, "keepAlive");
    return this;
  }

  /**
   * Sets OLLAMA_CONTEXT_LENGTH, for requests that name no {@code num_ctx}.
   *
   * @param tokens 4096 by default
   * @return this
   * @throws IllegalArgumentException when below 1
   */
  public SimulatedOllamaBuilder defaultContext(int tokens) {
    this.defaultContext = Check.positive(tokens, "defaultContext");
    return this;
  }

  /**
   * Sets the time that an unload takes: with 0.24 the model is still listed so long, with 0.33
   * {@code /api/ps} answers no earlier.
   *
   * @param time up to a year, before the time scale; 500 ms by default
   * @return this
   * @throws IllegalArgumentException when negative or longer
   */
  public SimulatedOllamaBuilder unloadTime(Duration time) {
    this.unloadTime = Check.duration(time, "unloadTime");
    return this;
  }

  /**
   * Sets whether models are held by a GPU: {@code size_vram} is then their whole size, else 0.
   *
   * @param gpu false by default
   * @return this
   */
  public SimulatedOllamaBuilder gpu(boolean gpu) {
    this.gpu = gpu;
    return this;
  }

  /**
   * Sets the machine's memory. It can be overrun, as on macOS; see {@link
   * #killsOnOutOfMemory(boolean)}.
   *
   * @param total bytes; 96 GiB by default
   * @param inUse bytes of it that the operating system and other programs have; 0 by default
   * @return this
   * @throws IllegalArgumentException when the total is below 1, or the part in use negative or more
   */
  public SimulatedOllamaBuilder memory(long total, long inUse) {
    this.memoryBytes = Check.positive(total, "total");
    this.memoryUsed = part(inUse, total);
    return this;
  }

  /**
   * Sets whether a load that does not fit into the memory fails, as with a runner that the kernel
   * kills, instead of overrunning it.
   *
   * @param kills false by default
   * @return this
   */
  public SimulatedOllamaBuilder killsOnOutOfMemory(boolean kills) {
    this.killsOnOutOfMemory = kills;
    return this;
  }

  /**
   * Sets the disk that holds the models.
   *
   * @param total bytes; 1 TB by default
   * @param inUse bytes of it that other files have; the installed models come on top
   * @return this
   * @throws IllegalArgumentException when the total is below 1, or the part in use negative or more
   */
  public SimulatedOllamaBuilder disk(long total, long inUse) {
    this.diskBytes = Check.positive(total, "total");
    this.diskUsed = part(inUse, total);
    return this;
  }

  /**
   * Sets the rate of the line that pulls share.
   *
   * @param rate bytes a second, before the time scale; 100 MB/s by default
   * @return this
   * @throws IllegalArgumentException when not positive
   */
  public SimulatedOllamaBuilder pullBytesPerSecond(double rate) {
    this.pullBytesPerSecond = Check.positive(rate, "pullBytesPerSecond");
    return this;
  }

  /**
   * Sets the fraction of its time that the machine's work takes: loads, unloads, pulls, tokens.
   * With 0.001 a load of 40 s takes 40 ms. What clients read as times of day is not scaled: a
   * keep_alive of 5 minutes is 5 minutes.
   *
   * @param factor above 0; 1 by default
   * @return this
   * @throws IllegalArgumentException when not positive, or above 1000
   */
  public SimulatedOllamaBuilder timeScale(double factor) {
    if (Check.positive(factor, "timeScale") > 1000) {
      throw new IllegalArgumentException("timeScale must be at most 1000, was " + factor);
    }
    this.timeScale = factor;
    return this;
  }

  /**
   * Starts the server.
   *
   * @return listening already
   * @throws java.io.UncheckedIOException when the port is taken
   * @throws IllegalArgumentException when the installed models do not fit on the disk
   */
  public SimulatedOllama start() {
    return new SimulatedOllama(this);
  }

  private static long part(long inUse, long total) {
    if (Check.notNegative(inUse, "inUse") > total) {
      throw new IllegalArgumentException("inUse must be at most " + total + ", was " + inUse);
    }
    return inUse;
  }

  ServerSettings settings() {
    return new ServerSettings(
        version,
        maxLoadedModels,
        maxQueue,
        keepAlive,
        defaultContext,
        unloadTime,
        gpu,
        killsOnOutOfMemory,
        pullBytesPerSecond);
  }

  SimulatedMachine machine() {
    return new SimulatedMachine(memoryBytes, memoryUsed, diskBytes, diskUsed);
  }

  List<SimulatedModel> installed() {
    return installed;
  }

  List<SimulatedModel> pullable() {
    return pullable;
  }

  int port() {
    return port;
  }

  double timeScale() {
    return timeScale;
  }
}
