package dev.twoqueue.ollama;

import dev.twoqueue.ollama.forecast.CacheType;
import dev.twoqueue.ollama.forecast.LoadSettings.Placement;
import dev.twoqueue.ollama.forecast.LoadSettings.Runner;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the forecast takes for granted of the server's own settings, since the API does not show
 * them. The defaults are Ollama's; each assumption is named in the forecasts that rest on it.
 *
 * <p>The constructor throws {@link IllegalArgumentException} when a number is not between 1 and
 * 1024 (slots) or 16,777,216 (context), or the cache type is not known.
 *
 * @param numParallel {@code OLLAMA_NUM_PARALLEL} (1)
 * @param cacheType {@code OLLAMA_KV_CACHE_TYPE} ({@code f16}); also q8_0, q4_0 and other types of
 *     ggml
 * @param flashAttention whether it is on; empty (the default) when unknown: the server decides by
 *     model and hardware, mostly on, and the high figure then covers both
 * @param context {@code OLLAMA_CONTEXT_LENGTH}, the context of requests that name none; empty (the
 *     default) when unknown: it is 4096, 32768 or 262144 depending on the GPU's memory, and the
 *     high figure then covers the largest
 * @param runner which program computes; empty (the default) when unknown: llama-server is taken for
 *     likely, and the high figure covers the other
 * @param placement where the layers are; empty (the default) when unknown: the high figure then
 *     covers a device
 */
public record ServerAssumptions(
    int numParallel,
    String cacheType,
    Optional<Boolean> flashAttention,
    OptionalInt context,
    Optional<Runner> runner,
    Optional<Placement> placement) {
  /** The defaults given above. */
  public static final ServerAssumptions DEFAULTS =
      new ServerAssumptions(
          1, "f16", Optional.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty());

  private static final long GIB = 1L << 30;

  public ServerAssumptions {
    Arguments.between(numParallel, 1, 1024, "numParallel");
    if (CacheType.named(Arguments.notBlank(cacheType, "cacheType")).isEmpty()) {
      throw new IllegalArgumentException("cacheType is not known: " + cacheType);
    }
    Arguments.notNull(flashAttention, "flashAttention");
    Arguments.notNull(context, "context")
        .ifPresent(tokens -> Arguments.between(tokens, 1, 1 << 24, "context"));
    Arguments.notNull(runner, "runner");
    Arguments.notNull(placement, "placement");
  }

  /**
   * What the environment of the server's process says, as Ollama reads it. A value that Ollama
   * would not take counts as not set.
   *
   * @param environment its variables, for example {@code System.getenv()} where the server has this
   *     process's own
   * @return the defaults, with what is set there
   */
  public static ServerAssumptions fromEnvironment(Map<String, String> environment) {
    ServerAssumptions read = DEFAULTS;
    int slots = number(environment, "OLLAMA_NUM_PARALLEL", 1024);
    if (slots > 0) {
      read = read.withNumParallel(slots);
    }
    int context = number(environment, "OLLAMA_CONTEXT_LENGTH", 1 << 24);
    if (context > 0) {
      read = read.withContext(context);
    }
    String type = environment.getOrDefault("OLLAMA_KV_CACHE_TYPE", "");
    if (CacheType.named(type).isPresent()) {
      read = read.withCacheType(type);
    }
    return switch (environment.getOrDefault("OLLAMA_FLASH_ATTENTION", "")) {
      case "1", "t", "T", "true", "TRUE", "True" -> read.withFlashAttention(true);
      case "0", "f", "F", "false", "FALSE", "False" -> read.withFlashAttention(false);
      default -> read;
    };
  }

  private static int number(Map<String, String> environment, String name, int most) {
    String value = environment.getOrDefault(name, "").strip();
    if (!value.matches("[0-9]{1,9}")) {
      return 0;
    }
    int number = Integer.parseInt(value);
    return number <= most ? number : 0;
  }

  /**
   * The same for a server of this version: from 0.30 on llama-server computes, before that a runner
   * that keeps the logits of all tokens.
   *
   * @param version as {@code /api/version} gives it; {@code 0.0.0}, a build from source, and what
   *     cannot be read tell nothing
   * @return a copy
   */
  public ServerAssumptions withVersion(String version) {
    String[] parts = Arguments.notNull(version, "version").split("[.-]", -1);
    if (parts.length < 2 || !parts[0].matches("[0-9]{1,4}") || !parts[1].matches("[0-9]{1,4}")) {
      return this;
    }
    int major = Integer.parseInt(parts[0]);
    int minor = Integer.parseInt(parts[1]);
    if (major == 0 && minor == 0) {
      return this;
    }
    return withRunner(major > 0 || minor >= 30 ? Runner.LLAMA_SERVER : Runner.KEEPS_ALL_LOGITS);
  }

  /**
   * The same for a server with so much memory on its GPUs, which decides its default context: 4096
   * below 23 GiB, 32768 below 47 GiB, else 262144 (from 0.15.5).
   *
   * @param bytes of all GPUs together; 0 without one
   * @return a copy, unchanged where the context is known already
   */
  public ServerAssumptions withGpuMemory(long bytes) {
    Arguments.between(bytes, 0, Long.MAX_VALUE, "bytes");
    if (context.isPresent()) {
      return this;
    }
    return withContext(bytes < 23 * GIB ? 4096 : bytes < 47 * GIB ? 32_768 : 262_144);
  }

  /**
   * The same with another number of requests served at once.
   *
   * @param slots 1 to 1024
   * @return a copy
   */
  public ServerAssumptions withNumParallel(int slots) {
    return new ServerAssumptions(slots, cacheType, flashAttention, context, runner, placement);
  }

  /**
   * The same with another cache type.
   *
   * @param type for example {@code q8_0}
   * @return a copy
   */
  public ServerAssumptions withCacheType(String type) {
    return new ServerAssumptions(numParallel, type, flashAttention, context, runner, placement);
  }

  /**
   * The same with flash attention known.
   *
   * @param on whether it is on
   * @return a copy
   */
  public ServerAssumptions withFlashAttention(boolean on) {
    return new ServerAssumptions(
        numParallel, cacheType, Optional.of(on), context, runner, placement);
  }

  /**
   * The same with the server's default context known.
   *
   * @param tokens 1 to 16,777,216
   * @return a copy
   */
  public ServerAssumptions withContext(int tokens) {
    return new ServerAssumptions(
        numParallel, cacheType, flashAttention, OptionalInt.of(tokens), runner, placement);
  }

  /**
   * The same with the runner known.
   *
   * @param program which program computes
   * @return a copy
   */
  public ServerAssumptions withRunner(Runner program) {
    return new ServerAssumptions(
        numParallel, cacheType, flashAttention, context, Optional.of(program), placement);
  }

  /**
   * The same with the placement known.
   *
   * @param where the layers are
   * @return a copy
   */
  public ServerAssumptions withPlacement(Placement where) {
    return new ServerAssumptions(
        numParallel, cacheType, flashAttention, context, runner, Optional.of(where));
  }

  CacheType type() {
    return CacheType.named(cacheType).orElseThrow();
  }
}
