/**
 * Two-Queue: local-heavy tasks run one at a time, fleet tasks run with bounded concurrency, and the
 * two never run together.
 */
module dev.twoqueue.core {
  requires org.slf4j;
  requires static org.jspecify;

  exports dev.twoqueue;
}
