package dev.twoqueue.internal.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Jobs in the order of their numbers. A new job is linked at the end, through the jobs themselves,
 * so that one in the middle leaves at the same cost as the first. One that comes back (from a hold,
 * from an await) is older than some that wait; the few of these are kept sorted beside the links,
 * since finding their place among a million others would cost a walk past these.
 */
final class JobDeque implements Iterable<Job> {
  private static final Comparator<Job> BY_NUMBER = Comparator.comparingLong(Job::id);

  private @Nullable Job first;
  private @Nullable Job last;
  private @Nullable TreeSet<Job> returned;
  private int size;

  @Nullable Job first() {
    Job back = returned == null ? null : returned.first();
    Job linked = first;
    return back == null || (linked != null && linked.id < back.id) ? linked : back;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  boolean contains(Job job) {
    return job.deque == this;
  }

  /** Adds at the place that its number gives. */
  void add(Job job) {
    if (job.deque != null) {
      throw new IllegalStateException(job + " is queued already");
    }
    job.deque = this;
    size++;
    Job end = last;
    if (end != null && end.id > job.id) {
      if (returned == null) {
        returned = new TreeSet<>(BY_NUMBER);
      }
      returned.add(job);
      return;
    }
    job.previous = end;
    last = job;
    if (end == null) {
      first = job;
    } else {
      end.next = job;
    }
  }

  void remove(Job job) {
    if (job.deque != this) {
      throw new IllegalStateException(job + " is not in this queue");
    }
    job.deque = null;
    size--;
    if (job != first && job.previous == null) {
      removeReturned(job);
      return;
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
  }

  private void removeReturned(Job job) {
    if (returned == null || !returned.remove(job)) {
      throw new IllegalStateException(job + " is neither linked nor has it come back");
    }
    if (returned.isEmpty()) {
      returned = null;
    }
  }

  /** A copy's, so that what it finds may leave meanwhile. */
  @Override
  public Iterator<Job> iterator() {
    return toList().iterator();
  }

  /** In the order of their numbers; for reports and for queues that are short. */
  List<Job> toList() {
    List<Job> all = new ArrayList<>(size);
    for (Job at = first; at != null; at = at.next) {
      all.add(at);
    }
    if (returned != null) {
      all.addAll(returned);
      all.sort(BY_NUMBER);
    }
    return all;
  }
}
