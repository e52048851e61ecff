package dev.twoqueue.ollama;

import dev.twoqueue.LocalKind;
import dev.twoqueue.ollama.internal.http.HttpCalls;
import dev.twoqueue.ollama.internal.http.ServerAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Builds an {@link OllamaClient}. Not safe for use by several threads. */
public final class OllamaClientBuilder {
  /** How much of an ordinary answer is read, unless set otherwise: 2 MB. */
  public static final int DEFAULT_MAX_ANSWER_BYTES = 2_000_000;

  /** How much of a list of embeddings or of a verbose show is read, unless set: 64 MB. */
  public static final long DEFAULT_MAX_LARGE_ANSWER_BYTES = 64_000_000;

  /** The context that ready-made tasks ask for, unless set otherwise: 4096 tokens. */
  public static final int DEFAULT_CONTEXT = 4096;

  private static final long MIB = 1L << 20;

  private @Nullable HttpUrl address;
  private @Nullable OkHttpClient shared;
  private OllamaTimeouts timeouts = OllamaTimeouts.DEFAULTS;
  private int maxAnswerBytes = DEFAULT_MAX_ANSWER_BYTES;
  private long maxLargeAnswerBytes = DEFAULT_MAX_LARGE_ANSWER_BYTES;
  private final Set<ModelName> alwaysResident = new HashSet<>();
  private OptionalInt context = OptionalInt.of(DEFAULT_CONTEXT);
  private KeepAlive workerKeepAlive = KeepAlive.FOREVER;
  private Duration lingerAfterClose = Duration.ofMinutes(5);
  private ServerAssumptions server = ServerAssumptions.DEFAULTS;
  private final Map<LocalKind, Long> assumedMemory = new EnumMap<>(LocalKind.class);
  private @Nullable Path modelsDirectory;

  OllamaClientBuilder() {
    assumedMemory.put(LocalKind.PULL, 512 * MIB);
    assumedMemory.put(LocalKind.TEST_SWEEP, 4096 * MIB);
    assumedMemory.put(LocalKind.OTHER, 2048 * MIB);
  }

  /**
   * Where the server is. Without it {@code OLLAMA_HOST} decides, and port 11434 on this machine.
   *
   * @param text a host, {@code host:port}, or URL; an IPv6 address in brackets or bare; an address
   *     that means "all" is reached on loopback
   * @return this
   * @throws IllegalArgumentException when it is no address
   */
  public OllamaClientBuilder address(String text) {
    this.address = OllamaHost.parse(text, "address");
    return this;
  }

  /**
   * Where the server is.
   *
   * @param uri http or https; without a port, that scheme's
   * @return this
   * @throws IllegalArgumentException when it has no host or another scheme
   */
  public OllamaClientBuilder address(URI uri) {
    this.address = OllamaHost.parse(uri, "address");
    return this;
  }

  /**
   * Shares the connections, proxy and interceptors of the host's own client. {@link
   * OllamaClient#close} then leaves its connections open. Its timeouts are not used.
   *
   * @param client the host's
   * @return this
   */
  public OllamaClientBuilder httpClient(OkHttpClient client) {
    this.shared = Arguments.notNull(client, "client");
    return this;
  }

  /**
   * How long to wait for what.
   *
   * @param value {@link OllamaTimeouts#DEFAULTS} otherwise
   * @return this
   */
  public OllamaClientBuilder timeouts(OllamaTimeouts value) {
    this.timeouts = Arguments.notNull(value, "timeouts");
    return this;
  }

  /**
   * How much of an answer is read, and how long the text put together from a stream may grow.
   * Beyond it the call ends with {@link OllamaException.ProtocolViolation}. A single line of a
   * stream may have a quarter of it.
   *
   * @param bytes 4096 to 2,000,000,000
   * @return this
   * @throws IllegalArgumentException when outside of that
   */
  public OllamaClientBuilder maxAnswerBytes(int bytes) {
    this.maxAnswerBytes = (int) Arguments.between(bytes, 4096, 2_000_000_000, "maxAnswerBytes");
    return this;
  }

  /**
   * How much of an answer with embeddings, or of a verbose show, is read. Neither is buffered: the
   * first becomes arrays, the second loses its tokenizer, as they stream by.
   *
   * @param bytes 4096 to 10^12
   * @return this
   * @throws IllegalArgumentException when outside of that
   */
  public OllamaClientBuilder maxLargeAnswerBytes(long bytes) {
    this.maxLargeAnswerBytes =
        Arguments.between(bytes, 4096, 1_000_000_000_000L, "maxLargeAnswerBytes");
    return this;
  }

  /**
   * Models that stay resident beside the worker model: never evicted by the queue, counted in the
   * forecast. Models that can only embed are taken for such without being named, and so is what
   * {@link OllamaClient#embeddings} was called for.
   *
   * @param models their names, for example {@code nomic-embed-text}
   * @return this
   * @throws IllegalArgumentException when one is no valid name
   */
  public OllamaClientBuilder alwaysResident(String... models) {
    for (String model : Arguments.notNull(models, "models")) {
      alwaysResident.add(ModelName.parse(model));
    }
    return this;
  }

  /**
   * The context that ready-made tasks ask for where they name none. It is sent, so that the memory
   * of a load does not depend on the server's own default; it goes before a {@code num_ctx} that
   * comes with the model.
   *
   * @param tokens 1 to 16,777,216
   * @return this
   * @throws IllegalArgumentException when outside of that
   */
  public OllamaClientBuilder context(int tokens) {
    this.context = OptionalInt.of((int) Arguments.between(tokens, 1, 1 << 24, "context"));
    return this;
  }

  /**
   * Lets ready-made tasks send no context where they name none: the model's own parameters decide,
   * else the server, whose default can be 64 times that of {@link #DEFAULT_CONTEXT}.
   *
   * @return this
   */
  public OllamaClientBuilder contextFromServer() {
    this.context = OptionalInt.empty();
    return this;
  }

  /**
   * How long a worker model stays after a ready-made task's last request. Pinned by default, so
   * that it is still there when the queue's next task needs it; the scheduler evicts it when
   * another model's turn comes. A process that is killed leaves a pinned model behind.
   *
   * @param keepAlive not {@link KeepAlive#UNLOAD}
   * @return this
   * @throws IllegalArgumentException when it is 0
   */
  public OllamaClientBuilder workerKeepAlive(KeepAlive keepAlive) {
    if (Arguments.notNull(keepAlive, "workerKeepAlive").seconds() == 0) {
      throw new IllegalArgumentException("workerKeepAlive must not be 0: every task would swap");
    }
    this.workerKeepAlive = keepAlive;
    return this;
  }

  /**
   * How long models that this client pinned stay after its {@link OllamaClient#close}.
   *
   * @param linger zero unloads them then; at most 100 years
   * @return this
   * @throws IllegalArgumentException when negative
   */
  public OllamaClientBuilder lingerAfterClose(Duration linger) {
    KeepAlive.of(linger);
    this.lingerAfterClose = linger;
    return this;
  }

  /**
   * What the forecast assumes of the server.
   *
   * @param value {@link ServerAssumptions#DEFAULTS} otherwise
   * @return this
   */
  public OllamaClientBuilder server(ServerAssumptions value) {
    this.server = Arguments.notNull(value, "server");
    return this;
  }

  /**
   * The memory that a task without a model is assumed to take: 512 MiB for a pull, 4 GiB for a test
   * sweep, 2 GiB for others.
   *
   * @param kind not {@link LocalKind#LOAD} or {@link LocalKind#ORACLE}, which have a model
   * @param bytes 0 to 2^50
   * @return this
   * @throws IllegalArgumentException when the kind has a model or the size is outside of that
   */
  public OllamaClientBuilder assumedMemory(LocalKind kind, long bytes) {
    if (!assumedMemory.containsKey(Arguments.notNull(kind, "kind"))) {
      throw new IllegalArgumentException("kind " + kind + " needs a model, no assumption");
    }
    assumedMemory.put(kind, Arguments.between(bytes, 0, 1L << 50, "bytes"));
    return this;
  }

  /**
   * Where the server keeps its models, for the disk gate. Without it, and with a server on this
   * machine: {@code OLLAMA_MODELS}, else {@code ~/.ollama/models} where that exists.
   *
   * @param directory on the file system that takes pulled models
   * @return this
   */
  public OllamaClientBuilder modelsDirectory(Path directory) {
    this.modelsDirectory = Arguments.notNull(directory, "modelsDirectory");
    return this;
  }

  /**
   * Builds the client. Does not connect yet.
   *
   * @return the client
   * @throws IllegalArgumentException when no address was given and {@code OLLAMA_HOST} is none
   */
  public OllamaClient build() {
    HttpUrl base =
        address == null ? OllamaHost.fromEnvironment(System.getenv("OLLAMA_HOST")) : address;
    Path models = modelsDirectory;
    if (models == null && ServerAddress.isLoopback(base)) {
      models = localModels();
    }
    ClientSettings settings =
        new ClientSettings(
            timeouts,
            maxAnswerBytes,
            maxLargeAnswerBytes,
            Set.copyOf(alwaysResident),
            context,
            workerKeepAlive,
            lingerAfterClose,
            server,
            Map.copyOf(assumedMemory),
            models);
    HttpCalls.Limits limits =
        new HttpCalls.Limits(timeouts.connect(), timeouts.overall(), maxAnswerBytes / 4);
    return new OllamaClient(
        base,
        new HttpCalls(base, shared, limits, "two-queue-ollama-", new OllamaErrors()),
        settings);
  }

  private static @Nullable Path localModels() {
    String named = System.getenv("OLLAMA_MODELS");
    try {
      Path path =
          named == null || named.isBlank()
              ? Path.of(System.getProperty("user.home", "."), ".ollama", "models")
              : Path.of(named.strip());
      return Files.isDirectory(path) ? path : null;
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("OLLAMA_MODELS is no path: '" + named + "'", e);
    }
  }
}
