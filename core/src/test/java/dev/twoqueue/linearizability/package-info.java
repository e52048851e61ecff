/** Whether the scheduler is linearizable, with nothing but its public types. */
@NullMarked
package dev.twoqueue.linearizability;

import org.jspecify.annotations.NullMarked;
