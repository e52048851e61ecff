package dev.twoqueue;

/** Makes the model server let go of a worker model, before another one is loaded. */
@FunctionalInterface
public interface Evictor {

  /**
   * Evicts, and returns when the model is seen to be gone. Runs on a thread of the scheduler's
   * callback executor while nothing occupies. The scheduler asks the {@link ResidencyProbe}
   * afterwards and believes only that; an exception, or no return within the eviction timeout,
   * holds the task that needed the place.
   *
   * @param resident the model to let go, as the probe saw it
   * @throws Exception when it could not be evicted
   */
  void evict(ResidentModel resident) throws Exception;
}
