package dev.twoqueue.ollama;

import java.time.Duration;

/**
 * How long the client waits for what. Every wait has a bound; none is left to the operating system.
 *
 * <p>The constructor throws {@link IllegalArgumentException} when a duration is not positive or
 * longer than 100 years.
 *
 * @param connect for a connection (5 s)
 * @param quick for a whole answer that needs no model: version, ps, tags, show, unload, delete, and
 *     the registry's word on a size (30 s: the server listens before its GPU discovery ends, and
 *     one pass of that takes up to 30 s)
 * @param load for a load, and for the first bytes of any answer that may need one (15 min). The
 *     server abandons a load when its client goes away, so a value below the real load time means
 *     that the model never loads
 * @param idle between two chunks of a streamed answer (2 min)
 * @param pullIdle between two lines of a pull that show progress: a stalled download goes on
 *     sending lines (10 min: the check of a digest is silent)
 * @param evict until an evicted model is seen to be gone (60 s)
 * @param overall for any call as a whole (6 h)
 */
public record OllamaTimeouts(
    Duration connect,
    Duration quick,
    Duration load,
    Duration idle,
    Duration pullIdle,
    Duration evict,
    Duration overall) {

  /** The defaults given above. */
  public static final OllamaTimeouts DEFAULTS =
      new OllamaTimeouts(
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMinutes(15),
          Duration.ofMinutes(2),
          Duration.ofMinutes(10),
          Duration.ofSeconds(60),
          Duration.ofHours(6));

  public OllamaTimeouts {
    Arguments.positive(connect, "connect");
    Arguments.positive(quick, "quick");
    Arguments.positive(load, "load");
    Arguments.positive(idle, "idle");
    Arguments.positive(pullIdle, "pullIdle");
    Arguments.positive(evict, "evict");
    Arguments.positive(overall, "overall");
  }

  /**
   * The same with another bound on connecting.
   *
   * @param limit positive
   * @return a copy
   */
  public OllamaTimeouts withConnect(Duration limit) {
    return new OllamaTimeouts(limit, quick, load, idle, pullIdle, evict, overall);
  }

  /**
   * The same with another bound on quick calls.
   *
   * @param limit positive
   * @return a copy
   */
  public OllamaTimeouts withQuick(Duration limit) {
    return new OllamaTimeouts(connect, limit, load, idle, pullIdle, evict, overall);
  }

  /**
   * The same with another bound on loads.
   *
   * @param limit positive
   * @return a copy
   */
  public OllamaTimeouts withLoad(Duration limit) {
    return new OllamaTimeouts(connect, quick, limit, idle, pullIdle, evict, overall);
  }

  /**
   * The same with another bound between chunks of an answer.
   *
   * @param limit positive
   * @return a copy
   */
  public OllamaTimeouts withIdle(Duration limit) {
    return new OllamaTimeouts(connect, quick, load, limit, pullIdle, evict, overall);
  }

  /**
   * The same with another bound between lines of a pull.
   *
   * @param limit positive
   * @return a copy
   */
  public OllamaTimeouts withPullIdle(Duration limit) {
    return new OllamaTimeouts(connect, quick, load, idle, limit, evict, overall);
  }

  /**
   * The same with another bound on evictions.
   *
   * @param limit positive
   * @return a copy
   */
  public OllamaTimeouts withEvict(Duration limit) {
    return new OllamaTimeouts(connect, quick, load, idle, pullIdle, limit, overall);
  }

  /**
   * The same with another bound on whole calls.
   *
   * @param limit positive
   * @return a copy
   */
  public OllamaTimeouts withOverall(Duration limit) {
    return new OllamaTimeouts(connect, quick, load, idle, pullIdle, evict, limit);
  }
}
