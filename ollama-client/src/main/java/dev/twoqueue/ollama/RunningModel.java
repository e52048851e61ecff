package dev.twoqueue.ollama;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One entry of {@code /api/ps}: a model that is resident.
 *
 * @param name as the server prints it: the name under which the weights were loaded first
 * @param sizeBytes the memory that it takes as the server estimates it; can be far under the truth
 * @param vramBytes the part of it on GPUs; 0 on a CPU
 * @param digest 64 hexadecimal digits
 * @param family the architecture's family; empty when the server does not say
 * @param expiresAt when the server means to unload it. Set when its runner goes idle, so it may lie
 *     in the past while a long request runs; in the year 2319 or so for a pinned model: do no
 *     arithmetic on it in nanoseconds
 * @param contextLength its context in tokens; empty on servers before 0.10
 */
public record RunningModel(
    String name,
    long sizeBytes,
    long vramBytes,
    String digest,
    String family,
    Optional<Instant> expiresAt,
    OptionalLong contextLength) {

  /** No linger that a person would choose ends later. */
  private static final Instant PINNED_FROM = Instant.parse("2200-01-01T00:00:00Z");

  /**
   * Whether it was loaded to stay for ever.
   *
   * @return true when its expiry is beyond any linger
   */
  public boolean isPinned() {
    return expiresAt.filter(at -> at.isAfter(PINNED_FROM)).isPresent();
  }
}
