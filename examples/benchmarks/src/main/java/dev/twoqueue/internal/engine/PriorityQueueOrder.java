package dev.twoqueue.internal.engine;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** A heap by (model not resident, number), which is built anew whenever residency changes. */
final class PriorityQueueOrder implements LocalOrder {
  private int resident;
  private PriorityQueue<ModelJob> heap = new PriorityQueue<>(inOrder());

  private Comparator<ModelJob> inOrder() {
    return Comparator.<ModelJob>comparingInt(job -> job.model.number() == resident ? 0 : 1)
        .thenComparingLong(job -> job.id);
  }

  @Override
  public void add(ModelJob job) {
    heap.add(job);
  }

  @Override
  public void remove(Job job) {
    if (job.equals(heap.peek())) {
      heap.poll();
    } else if (!heap.remove(job)) {
      throw new IllegalStateException(job + " does not wait");
    }
  }

  @Override
  public @Nullable Job next() {
    return heap.peek();
  }

  @Override
  public void resident(ModelJob job) {
    if (job.model.number() != resident) {
      resident = job.model.number();
      PriorityQueue<ModelJob> again = new PriorityQueue<>(heap.size() + 1, inOrder());
      again.addAll(heap);
      heap = again;
    }
  }
}
