package dev.twoqueue.internal.engine;

import dev.twoqueue.Lease;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TwoQueueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The engine's view of one task. The shell adds handle and body in a subclass. Fields are written
 * by the engine alone.
 */
public class Job {
  /** A time that never comes. */
  static final long NEVER = Long.MAX_VALUE;

  /** Shared by all whom nobody waits for, which is nearly every job. */
  private static final List<Job> NOBODY = List.of();

  static final Comparator<Job> BY_DEADLINE =
      Comparator.<Job>comparingLong(job -> job.deadline).thenComparingLong(job -> job.id);
  static final Comparator<Job> BY_NEXT_LOOK =
      Comparator.<Job>comparingLong(job -> job.heldUntil).thenComparingLong(job -> job.id);

  /** Where the body is. The handle's state follows from this and from the attempt under way. */
  public enum Stage {
    /** In a queue, or held; its body has not begun. */
    QUEUED,
    /** Holds a fleet permit of ours and waits for one from outside; its body has not begun. */
    ASKING,
    /** Its body occupies. */
    RUNNING,
    /** In await: the awaited task has not ended. */
    SUSPENDED,
    /** In await: wants its slot back, through the queue like a start. */
    RESUMING,
    /** In await, which is to fail: wants its slot back to unwind, and needs no looks for that. */
    UNWINDING,
    /** Its body has ended, or will never begin. */
    GONE
  }

  long id;
  final TaskClass taskClass;
  final @Nullable ResidencyKey key;
  final String name;
  final @Nullable Duration startWithin;
  final @Nullable Duration runTimeout;

  Stage stage = Stage.QUEUED;
  long since;
  long startedAt;
  long deadline = NEVER;
  boolean ended;
  boolean fifoSwap;
  @Nullable String told;

  long heldUntil = NEVER;
  @Nullable String heldBecause;

  Lease lease = Lease.NONE;
  @Nullable Lease permit;
  long permitToken;

  @Nullable Job awaits;
  @Nullable Job joins;
  @Nullable TwoQueueException resumeFailure;
  List<Job> awaitedBy = NOBODY;
  List<Job> joinedBy = NOBODY;

  @Nullable Line line;
  @Nullable JobDeque deque;
  @Nullable Job previous;
  @Nullable Job next;

  /**
   * A job that was not submitted yet.
   *
   * @param id ascending in the order of submission
   */
  protected Job(
      long id,
      TaskClass taskClass,
      @Nullable ResidencyKey key,
      String name,
      @Nullable Duration startWithin,
      @Nullable Duration runTimeout) {
    this.id = id;
    this.taskClass = taskClass;
    this.key = key;
    this.name = name;
    this.startWithin = startWithin;
    this.runTimeout = runTimeout;
  }

  /** Gives it its number, before it is submitted: ascending in the order of submission. */
  public final void number(long number) {
    id = number;
  }

  /** Its number. */
  public final long id() {
    return id;
  }

  /** Its class. */
  public final TaskClass taskClass() {
    return taskClass;
  }

  /** What must be resident for it. */
  public final Optional<ResidencyKey> key() {
    return Optional.ofNullable(key);
  }

  /** Its name, for people. */
  public final String name() {
    return name;
  }

  /** Where its body is. */
  public final Stage stage() {
    return stage;
  }

  /** When it was submitted, or while its body is under way when that started. */
  public final long since() {
    return stage == Stage.QUEUED || stage == Stage.ASKING ? since : startedAt;
  }

  /** Whether its handle has its outcome. */
  public final boolean ended() {
    return ended;
  }

  final void awaits(Job target) {
    awaits = target;
    target.awaitedBy = with(target.awaitedBy, this);
  }

  final void joins(Job target) {
    joins = target;
    target.joinedBy = with(target.joinedBy, this);
  }

  private static List<Job> with(List<Job> waiting, Job job) {
    List<Job> all = waiting == NOBODY ? new ArrayList<>(2) : waiting;
    all.add(job);
    return all;
  }

  final boolean isResume() {
    return stage == Stage.RESUMING || stage == Stage.UNWINDING;
  }

  @Override
  public final String toString() {
    return "#" + id + " '" + name + "'";
  }
}
