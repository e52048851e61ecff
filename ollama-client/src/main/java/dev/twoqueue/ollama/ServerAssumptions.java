package dev.twoqueue.ollama;

import dev.twoqueue.ollama.internal.CacheType;
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
 */
public record ServerAssumptions(
    int numParallel, String cacheType, Optional<Boolean> flashAttention, OptionalInt context) {
  /** The defaults given above. */
  public static final ServerAssumptions DEFAULTS =
      new ServerAssumptions(1, "f16", Optional.empty(), OptionalInt.empty());

  public ServerAssumptions {
    Arguments.between(numParallel, 1, 1024, "numParallel");
    if (CacheType.named(Arguments.notBlank(cacheType, "cacheType")).isEmpty()) {
      throw new IllegalArgumentException("cacheType is not known: " + cacheType);
    }
    Arguments.notNull(flashAttention, "flashAttention");
    Arguments.notNull(context, "context")
        .ifPresent(tokens -> Arguments.between(tokens, 1, 1 << 24, "context"));
  }

  /**
   * The same with another number of requests served at once.
   *
   * @param slots 1 to 1024
   * @return a copy
   */
  public ServerAssumptions withNumParallel(int slots) {
    return new ServerAssumptions(slots, cacheType, flashAttention, context);
  }

  /**
   * The same with another cache type.
   *
   * @param type for example {@code q8_0}
   * @return a copy
   */
  public ServerAssumptions withCacheType(String type) {
    return new ServerAssumptions(numParallel, type, flashAttention, context);
  }

  /**
   * The same with flash attention known.
   *
   * @param on whether it is on
   * @return a copy
   */
  public ServerAssumptions withFlashAttention(boolean on) {
    return new ServerAssumptions(numParallel, cacheType, Optional.of(on), context);
  }

  /**
   * The same with the server's default context known.
   *
   * @param tokens 1 to 16,777,216
   * @return a copy
   */
  public ServerAssumptions withContext(int tokens) {
    return new ServerAssumptions(numParallel, cacheType, flashAttention, OptionalInt.of(tokens));
  }

  CacheType type() {
    return CacheType.named(cacheType).orElseThrow();
  }
}
