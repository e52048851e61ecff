/**
 * What {@link dev.twoqueue.examples.Replay} is made of: arrivals, read or generated, the run of
 * them through the scheduler in virtual time, and what is shown of the waits.
 */
@NullMarked
package dev.twoqueue.examples.replay;

import org.jspecify.annotations.NullMarked;
