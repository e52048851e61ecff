package dev.twoqueue.internal.engine;

import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidentModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The local-heavy tasks that wait (I5): a line for each residency key, the lines ordered by their
 * first job. Choosing, adding and removing cost the same however many jobs wait.
 */
final class LocalQueue {
  private final Map<@Nullable ResidencyKey, Line> lines = new HashMap<>();
  private final Map<String, List<Line>> byModel = new HashMap<>();
  private final LineHeap byHead = new LineHeap();
  private final TreeSet<Job> held = new TreeSet<>(Job.BY_NEXT_LOOK);
  private int ready;

  int ready() {
    return ready;
  }

  int held() {
    return held.size();
  }

  void add(Job job) {
    Line line = lines.get(job.key);
    if (line == null) {
      line = new Line(job.key);
      lines.put(job.key, line);
      if (job.key != null) {
        byModel.computeIfAbsent(job.key.model(), model -> new ArrayList<>(1)).add(line);
      }
    }
    line.jobs.add(job);
    job.line = line;
    byHead.update(line);
    ready++;
  }

  /** Takes a job out, wherever it waits. */
  void remove(Job job) {
    if (job.heldUntil != Job.NEVER) {
      unhold(job);
      return;
    }
    Line line = job.line;
    if (line == null) {
      throw new IllegalStateException(job + " does not wait");
    }
    line.jobs.remove(job);
    job.line = null;
    byHead.update(line);
    if (line.jobs.isEmpty()) {
      forget(line);
    }
    ready--;
  }

  private void forget(Line line) {
    lines.remove(line.key);
    if (line.key != null) {
      byModel.computeIfPresent(
          line.key.model(), (name, list) -> list.remove(line) && list.isEmpty() ? null : list);
    }
  }

  void hold(Job job, long until, String because) {
    remove(job);
    job.heldUntil = until;
    job.heldBecause = because;
    held.add(job);
  }

  /** Moves what may be looked at again back to its place. */
  void release(long now) {
    while (!held.isEmpty() && held.first().heldUntil <= now) {
      Job job = held.first();
      unhold(job);
      add(job);
    }
  }

  private void unhold(Job job) {
    held.remove(job);
    job.heldUntil = Job.NEVER;
    job.heldBecause = null;
  }

  long nextRelease() {
    return held.isEmpty() ? Job.NEVER : held.first().heldUntil;
  }

  /** The line of a key; null when no job of it may start. */
  @Nullable Line line(@Nullable ResidencyKey key) {
    return lines.get(key);
  }

  /** The line whose first job is the oldest, but for one line; null when there is no other. */
  @Nullable Line oldestBut(@Nullable Line excluded) {
    return byHead.firstBut(excluded);
  }

  /** All lines, in no order; valid until the next change. */
  List<Line> all() {
    return byHead.lines();
  }

  /**
   * The line that the resident models serve, the one with the oldest head if these are several.
   *
   * @param last the key of the last job that ended well; tells apart keys of one model
   */
  @Nullable Line served(List<ResidentModel> resident, @Nullable ResidencyKey last) {
    Line best = null;
    for (int i = 0; i < resident.size(); i++) {
      ResidentModel model = resident.get(i);
      List<Line> candidates = byModel.get(model.model());
      if (candidates == null) {
        continue;
      }
      // A probe sees few of a runner's options. Where the last job ran on this very model, the
      // runner has that job's options, and other keys of the model would reload it.
      ResidencyKey running = last != null && last.mayBeServedBy(model) ? last : null;
      for (int j = 0; j < candidates.size(); j++) {
        Line line = candidates.get(j);
        ResidencyKey key = line.key;
        if (key != null
            && (running == null ? key.mayBeServedBy(model) : key.equals(running))
            && (best == null || line.head() < best.head())) {
          best = line;
        }
      }
    }
    return best;
  }

  /** All that is ready, in no order; for reports. */
  List<Job> listReady() {
    List<Job> all = new ArrayList<>(ready);
    byHead.lines().forEach(line -> line.jobs.forEach(all::add));
    return all;
  }

  List<Job> listHeld() {
    return new ArrayList<>(held);
  }

  /** The oldest job of each model, ready or held; for reports. */
  Map<String, Job> oldestByModel() {
    Map<String, Job> oldest = new HashMap<>();
    for (Line line : byHead.lines()) {
      Job first = line.jobs.first();
      if (first != null) {
        oldest.merge(modelOf(first), first, LocalQueue::older);
      }
    }
    held.forEach(job -> oldest.merge(modelOf(job), job, LocalQueue::older));
    return oldest;
  }

  private static Job older(Job a, Job b) {
    return a.id < b.id ? a : b;
  }

  private static String modelOf(Job job) {
    return job.key == null ? "" : job.key.model();
  }
}
