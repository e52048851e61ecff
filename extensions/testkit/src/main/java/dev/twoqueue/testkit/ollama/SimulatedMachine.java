package dev.twoqueue.testkit.ollama;

/**
 * The machine under a {@link SimulatedOllama}: its memory and its disk. Memory can be overrun, as a
 * real machine's can, which then swaps or freezes; {@link #overran} says whether it was. Safe for
 * use by any number of threads.
 */
public final class SimulatedMachine {
  private final long memoryBytes;
  private final long diskBytes;
  private long memoryUsed;
  private long memoryPeak;
  private long diskUsed;

  SimulatedMachine(long memoryBytes, long memoryUsed, long diskBytes, long diskUsed) {
    this.memoryBytes = memoryBytes;
    this.memoryUsed = memoryUsed;
    this.memoryPeak = memoryUsed;
    this.diskBytes = diskBytes;
    this.diskUsed = diskUsed;
  }

  /**
   * The memory that it has.
   *
   * @return bytes
   */
  public long memoryBytes() {
    return memoryBytes;
  }

  /**
   * The memory in use: by what the builder said, by models that are resident and by loads under
   * way, which count in full from their beginning.
   *
   * @return bytes, more than there is when it is overrun
   */
  public synchronized long memoryUsed() {
    return memoryUsed;
  }

  /**
   * The most memory that was in use.
   *
   * @return bytes
   */
  public synchronized long memoryPeak() {
    return memoryPeak;
  }

  /**
   * Tells whether more memory was ever in use than there is.
   *
   * @return true where a real machine would have come to grief
   */
  public synchronized boolean overran() {
    return memoryPeak > memoryBytes;
  }

  /**
   * The size of the disk that holds the models.
   *
   * @return bytes
   */
  public long diskBytes() {
    return diskBytes;
  }

  /**
   * The free part of that disk.
   *
   * @return bytes
   */
  public synchronized long diskFree() {
    return diskBytes - diskUsed;
  }

  synchronized boolean fits(long bytes) {
    return memoryUsed + bytes <= memoryBytes;
  }

  synchronized void take(long bytes) {
    memoryUsed += bytes;
    memoryPeak = Math.max(memoryPeak, memoryUsed);
  }

  synchronized void give(long bytes) {
    memoryUsed -= bytes;
  }

  /** As much of it as there is room for. */
  synchronized long write(long bytes) {
    long written = Math.min(bytes, diskBytes - diskUsed);
    diskUsed += written;
    return written;
  }

  synchronized void erase(long bytes) {
    diskUsed -= bytes;
  }

  @Override
  public synchronized String toString() {
    return String.format(
        "memory %d of %d bytes (peak %d), disk %d of %d bytes",
        memoryUsed, memoryBytes, memoryPeak, diskUsed, diskBytes);
  }
}
