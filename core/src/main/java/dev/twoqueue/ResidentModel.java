package dev.twoqueue;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One model that the server holds, as a {@link ResidencyProbe} saw it.
 *
 * <p>The constructor throws {@link IllegalArgumentException} when the name is blank or the size
 * negative, and {@link NullPointerException} when an argument is null.
 *
 * @param model the name in its normal form, the same as in the tasks' {@link ResidencyKey}
 * @param runnerOptions the runner options that the probe could see, by name; often just the context
 *     length
 * @param bytes the memory that it takes, in bytes, as far as the server says; 0 when unknown
 * @param role whether it takes the worker's place or stays beside it
 * @param expiresAt when the server means to unload it; empty when unknown or never
 */
public record ResidentModel(
    String model,
    Map<String, String> runnerOptions,
    long bytes,
    Role role,
    Optional<Instant> expiresAt) {

  /** The part a resident model plays. */
  public enum Role {
    /** The model that local jobs are drained for; evicted before another one is loaded. */
    WORKER,
    /** Small, pinned and served outside the queue (embeddings, I9); never evicted by the queue. */
    ALWAYS_RESIDENT
  }

  public ResidentModel {
    Arguments.notBlank(model, "model");
    Arguments.notNull(runnerOptions, "runnerOptions")
        .forEach(
            (name, value) -> {
              Arguments.notNull(name, "runnerOptions' name");
              Arguments.notNull(value, "runnerOptions' value");
            });
    runnerOptions = Map.copyOf(runnerOptions);
    Arguments.notNegative(bytes, "bytes");
    Arguments.notNull(role, "role");
    Arguments.notNull(expiresAt, "expiresAt");
  }

  /**
   * A worker model of which only name and size are known.
   *
   * @param model the name in its normal form
   * @param bytes the memory that it takes, 0 when unknown
   * @return the entry
   */
  public static ResidentModel worker(String model, long bytes) {
    return new ResidentModel(model, Map.of(), bytes, Role.WORKER, Optional.empty());
  }

  /**
   * An always-resident model of which only name and size are known.
   *
   * @param model the name in its normal form
   * @param bytes the memory that it takes, 0 when unknown
   * @return the entry
   */
  public static ResidentModel alwaysResident(String model, long bytes) {
    return new ResidentModel(model, Map.of(), bytes, Role.ALWAYS_RESIDENT, Optional.empty());
  }
}
