package dev.twoqueue.gate;

import dev.twoqueue.MemoryBudget;

/** Where a {@link MemoryGate} gets its budget from: this machine, or one that is simulated. */
@FunctionalInterface
public interface MemorySource {

  /**
   * The memory now. Called by several threads; may block for a short while.
   *
   * @return the budget; what an eviction would give back is added by the gate from what it is asked
   * @throws Exception when the figures cannot be read, which holds the task
   */
  MemoryBudget budget() throws Exception;
}
