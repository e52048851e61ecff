package dev.twoqueue.testkit.ollama;

import java.time.Instant;

/**
 * A model that a {@link SimulatedOllama} holds in memory.
 *
 * @param model under the name that it was loaded by
 * @param memoryBytes the memory that it takes
 * @param contextLength tokens
 * @param expiresAt when it leaves; meaningless while it is in use
 * @param inUse whether a request uses it
 */
public record ResidentModel(
    SimulatedModel model, long memoryBytes, int contextLength, Instant expiresAt, boolean inUse) {}
