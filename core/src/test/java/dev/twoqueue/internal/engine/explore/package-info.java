/**
 * The explorer: every reachable state of small worlds around the real engine, each checked against
 * the invariants in terms that do not use the engine's own bookkeeping.
 */
@NullMarked
package dev.twoqueue.internal.engine.explore;

import org.jspecify.annotations.NullMarked;
