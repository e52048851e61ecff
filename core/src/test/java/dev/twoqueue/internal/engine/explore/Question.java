package dev.twoqueue.internal.engine.explore;

import org.jspecify.annotations.Nullable;

/** A question of the engine's that the world has not answered, or has answered once. */
final class Question {
  final Ask ask;
  final @Nullable ExploredJob job;
  final long token;

  /** An observation that is to show whether an eviction happened. */
  final boolean confirms;

  /** When it was asked; for worlds that bound the time of an answer. */
  final long asked;

  boolean withdrawn;
  boolean answered;

  Question(Ask ask, @Nullable ExploredJob job, long token, boolean confirms, long asked) {
    this.ask = ask;
    this.job = job;
    this.token = token;
    this.confirms = confirms;
    this.asked = asked;
  }

  boolean isForLocal() {
    return ask.isLocalStep() || (ask == Ask.PERMIT && job != null && job.isLocal());
  }

  @Override
  public String toString() {
    return ask + (job == null ? "" : " for " + job);
  }
}
