/**
 * Gates that look at the host before a local-heavy task starts: load caused by others, free disk,
 * conflicting processes, and memory against the forecast.
 *
 * <p>Start at {@link dev.twoqueue.gate.HostGates}. A figure that the system does not tell is an
 * empty {@code Optional}, never a guess, and never lets a task pass.
 */
@NullMarked
package dev.twoqueue.gate;

import org.jspecify.annotations.NullMarked;
