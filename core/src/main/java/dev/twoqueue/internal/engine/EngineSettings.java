package dev.twoqueue.internal.engine;

import dev.twoqueue.DrainPolicy;
import dev.twoqueue.TurnPolicy;

/**
 * What the engine must know of its host's choices.
 *
 * @param turnPolicy guarded: never throws, never returns null
 * @param drainPolicy guarded: never throws, returns one of what it was given
 * @param probes whether there is a probe to ask
 * @param evicts whether there is an evictor
 * @param looks whether a gate or a predictor is to be asked before a local-heavy start
 * @param looksAtFleet whether a gate watches the fleet
 * @param asksOutside whether a start needs a permit from outside
 * @param fleetLimit how many fleet tasks may occupy
 * @param localQueueLimit how many local-heavy tasks may wait
 * @param fleetQueueLimit how many fleet tasks may wait
 * @param consecutiveStartsCap starts of one model in a row while another waits
 * @param suspendedLimit how many tasks may be suspended at once
 * @param tells whether anybody wants the effects that only tell something
 */
public record EngineSettings(
    TurnPolicy turnPolicy,
    DrainPolicy drainPolicy,
    boolean probes,
    boolean evicts,
    boolean looks,
    boolean looksAtFleet,
    boolean asksOutside,
    int fleetLimit,
    int localQueueLimit,
    int fleetQueueLimit,
    int consecutiveStartsCap,
    int suspendedLimit,
    boolean tells) {

  /** The same with other policies. */
  EngineSettings withPolicies(TurnPolicy turns, DrainPolicy drain) {
    return new EngineSettings(
        turns,
        drain,
        probes,
        evicts,
        looks,
        looksAtFleet,
        asksOutside,
        fleetLimit,
        localQueueLimit,
        fleetQueueLimit,
        consecutiveStartsCap,
        suspendedLimit,
        tells);
  }
}
