package dev.twoqueue.internal.engine;

import org.jspecify.annotations.Nullable;

/** Jobs in drain order: those of the resident model first, each part in order of submission. */
interface LocalOrder {

  /** Adds a job with a higher number than all before it. */
  void add(ModelJob job);

  /** Takes a job out, wherever it waits. */
  void remove(Job job);

  /** The job that is next; it stays. */
  @Nullable Job next();

  /** The model of this job is the resident one from now on. */
  void resident(ModelJob job);
}
