package dev.twoqueue.internal;

import dev.twoqueue.SchedulerClock;
import dev.twoqueue.SchedulerEvent;
import dev.twoqueue.SchedulerListener;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Brings events to listeners: in order, one at a time for each, never on a thread that decides. */
final class EventBus {
  private final List<Mailbox> mailboxes;
  private final Executor executor;
  private final SchedulerClock clock;
  private final int bound;

  EventBus(List<SchedulerListener> listeners, Executor executor, SchedulerClock clock, int bound) {
    this.executor = executor;
    this.clock = clock;
    this.bound = bound;
    this.mailboxes = listeners.stream().map(Mailbox::new).toList();
  }

  boolean hasListeners() {
    return !mailboxes.isEmpty();
  }

  /** Keeps an event for every listener; under the scheduler's lock, which gives the order. */
  void publish(SchedulerEvent event) {
    mailboxes.forEach(mailbox -> mailbox.put(event));
  }

  /** Sees that the listeners are told; outside the scheduler's lock. */
  void deliver() {
    if (hasListeners()) {
      mailboxes.forEach(Mailbox::deliver);
    }
  }

  private final class Mailbox {
    private final SchedulerListener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<SchedulerEvent> waiting = new ArrayDeque<>();
    private boolean delivering;
    private long lost;

    Mailbox(SchedulerListener listener) {
      this.listener = listener;
    }

    void put(SchedulerEvent event) {
      lock.lock();
      try {
        if (waiting.size() < bound) {
          waiting.add(event);
        } else {
          lost++;
        }
      } finally {
        lock.unlock();
      }
    }

    void deliver() {
      lock.lock();
      try {
        if (delivering || waiting.isEmpty()) {
          return;
        }
        delivering = true;
      } finally {
        lock.unlock();
      }
      if (!Guard.execute(executor, "telling a listener", this::tellAll)) {
        lock.lock();
        try {
          delivering = false;
        } finally {
          lock.unlock();
        }
      }
    }

    private void tellAll() {
      for (SchedulerEvent event = take(); event != null; event = take()) {
        SchedulerEvent next = event;
        Guard.run("listener " + listener, () -> listener.onEvent(next));
      }
    }

    private @Nullable SchedulerEvent take() {
      Instant now = clock.instant(); // before the lock: a clock that hangs must not keep it
      lock.lock();
      try {
        SchedulerEvent next = waiting.poll();
        if (next == null && lost > 0) {
          next = new SchedulerEvent.Lost(now, lost);
          lost = 0;
        }
        delivering = next != null;
        return next;
      } finally {
        lock.unlock();
      }
    }
  }
}
