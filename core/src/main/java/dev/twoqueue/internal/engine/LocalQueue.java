package dev.twoqueue.internal.engine;

import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidentModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The local-heavy tasks that wait, in drain order (I5): a deque for each residency key, the deques
 * ordered by the number of their first job. Choosing, adding and removing cost O(log keys), however
 * many jobs wait.
 */
final class LocalQueue {
  /** Jobs of one key; those without a model share one bucket. */
  private static final class Bucket {
    final @Nullable ResidencyKey key;
    final JobDeque jobs = new JobDeque();

    Bucket(@Nullable ResidencyKey key) {
      this.key = key;
    }

    long head() {
      Job first = jobs.first();
      return first == null ? Job.NEVER : first.id;
    }
  }

  private final Map<@Nullable ResidencyKey, Bucket> buckets = new HashMap<>();
  private final Map<String, List<Bucket>> byModel = new HashMap<>();
  private final TreeMap<Long, Bucket> byHead = new TreeMap<>();
  private final TreeSet<Job> held = new TreeSet<>(Job.BY_NEXT_LOOK);
  private int ready;

  int ready() {
    return ready;
  }

  int held() {
    return held.size();
  }

  void add(Job job) {
    Bucket bucket = buckets.get(job.key);
    if (bucket == null) {
      bucket = new Bucket(job.key);
      buckets.put(job.key, bucket);
      if (job.key != null) {
        byModel.computeIfAbsent(job.key.model(), model -> new ArrayList<>(1)).add(bucket);
      }
    }
    long before = bucket.head();
    bucket.jobs.add(job);
    headChanged(bucket, before);
    ready++;
  }

  /** Takes a job out, wherever it waits. */
  void remove(Job job) {
    if (job.heldUntil != Job.NEVER) {
      unhold(job);
      return;
    }
    Bucket bucket = bucketOf(job);
    long before = bucket.head();
    bucket.jobs.remove(job);
    headChanged(bucket, before);
    ready--;
  }

  boolean contains(Job job) {
    return job.heldUntil != Job.NEVER || job.deque != null;
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

  long nextRelease() {
    return held.isEmpty() ? Job.NEVER : held.first().heldUntil;
  }

  /**
   * The next job: first by (its model is not resident, submission order).
   *
   * @param resident the worker models that are resident; empty when unknown
   * @param last the key of the last job that ended well; tells apart keys of one model, and is the
   *     hint where residency is unknown
   * @param known whether residency was observed
   * @param capped the key that has had its consecutive starts and gives way to any other that
   *     waits; null for none
   */
  @Nullable Job next(
      List<ResidentModel> resident,
      @Nullable ResidencyKey last,
      boolean known,
      @Nullable ResidencyKey capped) {
    if (byHead.isEmpty()) {
      return null;
    }
    if (capped != null && byHead.size() > 1) {
      for (Bucket bucket : byHead.values()) {
        if (!capped.equals(bucket.key)) {
          return bucket.jobs.first();
        }
      }
    }
    Bucket first = known ? served(resident, last) : last == null ? null : buckets.get(last);
    if (first == null || first.jobs.isEmpty()) {
      first = byHead.firstEntry().getValue();
    }
    return first.jobs.first();
  }

  private @Nullable Bucket served(List<ResidentModel> resident, @Nullable ResidencyKey last) {
    Bucket best = null;
    for (ResidentModel model : resident) {
      // A probe sees few of a runner's options. Where the last job ran on this very model, the
      // runner has that job's options, and other keys of the model would reload it.
      ResidencyKey running = last != null && last.mayBeServedBy(model) ? last : null;
      for (Bucket bucket : byModel.getOrDefault(model.model(), List.of())) {
        ResidencyKey key = bucket.key;
        if (key != null
            && (running == null ? key.mayBeServedBy(model) : key.equals(running))
            && bucket.head() < (best == null ? Job.NEVER : best.head())) {
          best = bucket;
        }
      }
    }
    return best;
  }

  /** All that is ready, in the order of submission within each key; for reports. */
  List<Job> listReady() {
    List<Job> all = new ArrayList<>(ready);
    byHead.values().forEach(bucket -> bucket.jobs.forEach(all::add));
    return all;
  }

  List<Job> listHeld() {
    return new ArrayList<>(held);
  }

  /** The number of the oldest job of each key, ready or held; for reports. */
  Map<String, Job> oldestByModel() {
    Map<String, Job> oldest = new HashMap<>();
    for (Bucket bucket : byHead.values()) {
      Job first = bucket.jobs.first();
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

  private void unhold(Job job) {
    held.remove(job);
    job.heldUntil = Job.NEVER;
    job.heldBecause = null;
  }

  private Bucket bucketOf(Job job) {
    Bucket bucket = buckets.get(job.key);
    if (bucket == null) {
      throw new IllegalStateException(job + " does not wait");
    }
    return bucket;
  }

  private void headChanged(Bucket bucket, long before) {
    long now = bucket.head();
    if (now == before) {
      return;
    }
    if (before != Job.NEVER) {
      byHead.remove(before);
    }
    if (now != Job.NEVER) {
      byHead.put(now, bucket);
      return;
    }
    buckets.remove(bucket.key);
    if (bucket.key != null) {
      String model = bucket.key.model();
      byModel.computeIfPresent(
          model, (name, list) -> list.remove(bucket) && list.isEmpty() ? null : list);
    }
  }
}
