package dev.twoqueue;

import java.time.Duration;
import java.util.Optional;

/**
 * The local-heavy tasks for one model that may start now, as a {@link DrainPolicy} sees them.
 *
 * @param key what the tasks need resident; empty for those that need no model, which wait together
 * @param resident whether starting one of them needs no swap, as last observed; where residency is
 *     unknown, whether they share the model of the last task that ended well
 * @param tasks how many wait; at least 1
 * @param oldest the number of the oldest one; a smaller number was submitted earlier
 * @param oldestWait how long the oldest has waited
 * @param startsInRow how many of the last starts were for this model without another in between
 */
public record WaitingModel(
    Optional<ResidencyKey> key,
    boolean resident,
    int tasks,
    long oldest,
    Duration oldestWait,
    int startsInRow) {}
