package dev.twoqueue.internal.engine.explore;

import dev.twoqueue.ResidencyKey;
import dev.twoqueue.TaskClass;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that are alike.
 *
 * @param taskClass theirs
 * @param key what must be resident for them
 * @param startWithin null for no deadline
 * @param runTimeout null for no deadline
 * @param count how many of them may come
 */
record Kind(
    TaskClass taskClass,
    @Nullable ResidencyKey key,
    @Nullable Duration startWithin,
    @Nullable Duration runTimeout,
    int count) {

  /** Whether they differ at most in their model and in how many may come. */
  boolean isLike(Kind other) {
    return taskClass == other.taskClass
        && (key == null) == (other.key == null)
        && Objects.equals(startWithin, other.startWithin)
        && Objects.equals(runTimeout, other.runTimeout);
  }

  @Override
  public String toString() {
    return (taskClass == TaskClass.FLEET ? "fleet" : "local " + (key == null ? "-" : key))
        + (startWithin == null ? "" : ", startWithin " + startWithin)
        + (runTimeout == null ? "" : ", runTimeout " + runTimeout);
  }
}
