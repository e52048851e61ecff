/**
 * The decision engine: events in, effects out. It knows no thread, no clock, no lock and no I/O, so
 * that it can be run in virtual time, replayed and explored. {@link
 * dev.twoqueue.internal.engine.HouseRule} is the rule itself.
 */
@NullMarked
package dev.twoqueue.internal.engine;

import org.jspecify.annotations.NullMarked;
