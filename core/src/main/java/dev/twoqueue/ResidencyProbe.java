package dev.twoqueue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells what the model server really holds. Asked at the moment when the next local task is chosen
 * (I5), and again before a task that needs a model may start.
 */
@FunctionalInterface
public interface ResidencyProbe {

  /**
   * Looks. Runs on a thread of the scheduler's callback executor, never under its lock, and may
   * block for a short while. An exception, null, or an answer later than the scheduler's look
   * timeout counts as {@link Residency.Unknown}: tasks that need a model are then held, and order
   * falls back to the model that last ended well.
   *
   * @return what is resident now
   * @throws Exception when it cannot be seen
   */
  Residency observe() throws Exception;

  /**
   * Brings a task's key to the form that {@link #observe} uses, so that {@code llama3} and {@code
   * llama3:latest} are one model. Called once a submission on the submitter's thread; must be quick
   * and pure. The default changes nothing.
   *
   * @param key as the task names it
   * @return the same key in the server's normal form
   */
  default ResidencyKey normalise(ResidencyKey key) {
    return key;
  }

  /**
   * How to make the server let go of a model. A scheduler without an evictor leaves that to the
   * server.
   *
   * @return the evictor that belongs to this probe, if there is one
   */
  default Optional<Evictor> evictor() {
    return Optional.empty();
  }

  /**
   * What it takes to bring a model in, as far as it was measured: unloading what is in the way, and
   * loading. Read after each {@link #observe}, on the same thread and within the same time, and
   * used for {@link ExpectedStart} alone. An exception or null leaves what was read before.
   *
   * @return by the model's name in the form of {@link #normalise}; nothing by default
   */
  default Map<String, Duration> swapTimes() {
    return Map.of();
  }

  /**
   * What whoever runs the scheduler should know of the server, as long as it holds. Read as {@link
   * #swapTimes} is, and shown in the snapshot.
   *
   * @return texts for people, at most 16 of which are shown; nothing by default
   */
  default List<String> warnings() {
    return List.of();
  }
}
