package dev.twoqueue.benchmarks;

/** Tasks that wait, none of which starts before {@link #drain}. */
interface Backlog {

  /** Adds one; what it does was made before. */
  void add(int number);

  /** Lets all of them run, and returns when the last has. */
  void drain() throws InterruptedException;

  /** Drops what waits, and returns when nothing runs any more. */
  void shutdownNow() throws InterruptedException;
}
