package dev.twoqueue.internal.engine;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Jobs in the order of their numbers, linked through the jobs themselves, so that one in the middle
 * leaves at the same cost as the first.
 */
final class JobDeque implements Iterable<Job> {
  private @Nullable Job first;
  private @Nullable Job last;
  private int size;

  @Nullable Job first() {
    return first;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /**
   * Adds at the place that its number gives. A new job goes to the end at once; one that comes back
   * (from a hold, from an await) is older than nearly all others and is placed from the front.
   */
  void add(Job job) {
    if (job.deque != null) {
      throw new IllegalStateException(job + " is queued already");
    }
    Job after = last;
    if (after != null && after.id > job.id) {
      after = null;
      for (Job at = first; at != null && at.id < job.id; at = at.next) {
        after = at;
      }
    }
    Job before = after == null ? first : after.next;
    job.previous = after;
    job.next = before;
    job.deque = this;
    if (after == null) {
      first = job;
    } else {
      after.next = job;
    }
    if (before == null) {
      last = job;
    } else {
      before.previous = job;
    }
    size++;
  }

  void remove(Job job) {
    if (job.deque != this) {
      throw new IllegalStateException(job + " is not in this queue");
    }
    Job before = job.previous;
    Job after = job.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    job.previous = null;
    job.next = null;
    job.deque = null;
    size--;
  }

  @Override
  public Iterator<Job> iterator() {
    return new Iterator<>() {
      private @Nullable Job at = first;

      @Override
      public boolean hasNext() {
        return at != null;
      }

      @Override
      public Job next() {
        Job job = at;
        if (job == null) {
          throw new NoSuchElementException();
        }
        at = job.next;
        return job;
      }
    };
  }
}
