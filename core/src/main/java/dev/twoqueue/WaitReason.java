package dev.twoqueue;

import java.time.Duration;
import java.util.Optional;

/**
 * Why a task waits now.
 *
 * <p>The constructor throws {@link NullPointerException} when an argument is null.
 *
 * @param cause the kind of reason
 * @param text the reason, for people
 * @param lookAgainIn until the next look, for a held task
 */
public record WaitReason(Cause cause, String text, Optional<Duration> lookAgainIn) {

  /** The kinds of reason. */
  public enum Cause {
    /** Others are ahead of it in its queue. */
    BEHIND_OTHERS,
    /** The slot, or every permit, of its own class is taken. */
    SLOT_TAKEN,
    /** The other class has its turn, or is still ending. */
    OTHER_CLASS,
    /** A gate, the forecast or an unknown residency holds it. */
    HELD,
    /** It is being looked at. */
    LOOKING,
    /** The model that was resident is being evicted for it. */
    EVICTING,
    /** It waits for a permit from outside this scheduler. */
    OUTSIDE_PERMIT,
    /** Its class is paused. */
    PAUSED,
    /** It waits for another task that it awaits. */
    AWAITING
  }

  public WaitReason {
    Arguments.notNull(cause, "cause");
    Arguments.notNull(text, "text");
    Arguments.notNull(lookAgainIn, "lookAgainIn");
  }
}
