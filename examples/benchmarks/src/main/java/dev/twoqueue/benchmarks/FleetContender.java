package dev.twoqueue.benchmarks;

/** Something that runs tasks with bounded concurrency. */
interface FleetContender extends AutoCloseable {

  /** Hands over one task of a batch; safe for use by several threads. */
  void submit(Batch batch);

  @Override
  void close();
}
