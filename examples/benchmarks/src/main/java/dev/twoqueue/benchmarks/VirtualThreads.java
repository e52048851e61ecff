package dev.twoqueue.benchmarks;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** By reflection, since this is compiled for Java 17. */
final class VirtualThreads {
  private VirtualThreads() {}

  static boolean exist() {
    return Runtime.version().feature() >= 21;
  }

  static ExecutorService newExecutor() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("virtual threads need Java 21", e);
    }
  }
}
