package dev.twoqueue.testkit;

import dev.twoqueue.TaskClass;

/**
 * One task's stay in its body, as an {@link OccupancyMonitor} counts it. Safe for use by any number
 * of threads: an asynchronous body has none of its own.
 */
public final class Occupancy implements AutoCloseable {
  private final OccupancyMonitor monitor;
  private final TaskClass kind;
  private final String name;
  private boolean inside;
  private boolean closed;

  Occupancy(OccupancyMonitor monitor, TaskClass kind, String name) {
    this.monitor = monitor;
    this.kind = kind;
    this.name = name;
    this.inside = true;
    monitor.entered(this);
  }

  TaskClass kind() {
    return kind;
  }

  String name() {
    return name;
  }

  /** Stops counting the task, while it has given its slot up; without effect when it is out. */
  public synchronized void stepOut() {
    if (inside) {
      inside = false;
      monitor.left(this);
    }
  }

  /** Counts the task again, once it has its slot back; without effect when it is in, or closed. */
  public synchronized void stepIn() {
    if (!inside && !closed) {
      inside = true;
      monitor.entered(this);
    }
  }

  /** Ends the stay. Without effect the second time. */
  @Override
  public synchronized void close() {
    closed = true;
    stepOut();
  }
}
