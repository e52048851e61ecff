package dev.twoqueue.benchmarks;

/** Hands over from one thread to another that waits. */
interface Handover extends AutoCloseable {

  /** One of them, in nanoseconds from the last statement of the one to the first of the other. */
  long nanos() throws Exception;

  @Override
  void close();
}
