package dev.twoqueue.servers;

import java.time.Duration;

/**
 * How long the client of a model server waits for what.
 *
 * <p>The constructor throws {@link IllegalArgumentException} when a duration is not positive or
 * longer than a year.
 *
 * @param connect for a connection (5 s)
 * @param quick for the answer to a question that needs no model (5 s, so that a server that hangs
 *     is found before the scheduler's look ends)
 * @param load until a model is loaded (15 min)
 * @param evict until an unloaded model is seen to be gone (60 s)
 */
public record ServerTimeouts(Duration connect, Duration quick, Duration load, Duration evict) {
  /** The defaults given above. */
  public static final ServerTimeouts DEFAULTS =
      new ServerTimeouts(
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofMinutes(15),
          Duration.ofSeconds(60));

  public ServerTimeouts {
    Arguments.positive(connect, "connect");
    Arguments.positive(quick, "quick");
    Arguments.positive(load, "load");
    Arguments.positive(evict, "evict");
  }

  /**
   * The same with another bound on loads.
   *
   * @param limit positive
   * @return a copy
   */
  public ServerTimeouts withLoad(Duration limit) {
    return new ServerTimeouts(connect, quick, limit, evict);
  }

  /**
   * The same with another bound on evictions.
   *
   * @param limit positive
   * @return a copy
   */
  public ServerTimeouts withEvict(Duration limit) {
    return new ServerTimeouts(connect, quick, load, limit);
  }
}
