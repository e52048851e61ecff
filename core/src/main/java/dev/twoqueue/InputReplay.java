package dev.twoqueue;

import java.util.Optional;

/**
 * What the replay of an {@link InputLog} came to.
 *
 * @param inputs how many inputs were replayed
 * @param end how the log ends
 * @param divergence the first decision that differs, where the replay stopped; empty when all are
 *     the same
 */
public record InputReplay(long inputs, End end, Optional<Divergence> divergence) {

  public InputReplay {
    Arguments.notNull(end, "end");
    Arguments.notNull(divergence, "divergence");
  }

  /** How a log ends. */
  public enum End {
    /** With the termination of its scheduler: it is whole. */
    TERMINATED,
    /** After a whole line: its scheduler still ran, or its process was ended. */
    OPEN,
    /** In the middle of a line, which was ignored: its process was ended, or its disk was full. */
    TORN,
    /** At the bound of its length, while the scheduler went on. */
    FULL,
    /** At the bound of what waits for a slow disk, while the scheduler went on. */
    BEHIND,
    /** Unknown: the replay stopped before, at a divergence. */
    NOT_REACHED
  }

  /**
   * A decision that differs from the one that was made when the log was written.
   *
   * @param line the number of the line, from 1
   * @param input what the scheduler was told, for people
   * @param decisions what it decides now, for people
   * @param expected the digest of what it decided then
   * @param digest the digest of what it decides now
   */
  public record Divergence(
      long line, String input, String decisions, String expected, String digest) {
    public Divergence {
      Arguments.notNull(input, "input");
      Arguments.notNull(decisions, "decisions");
      Arguments.notNull(expected, "expected");
      Arguments.notNull(digest, "digest");
    }
  }
}
