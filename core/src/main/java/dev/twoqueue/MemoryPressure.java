package dev.twoqueue;

/** How hard the operating system has to work to find free memory. */
public enum MemoryPressure {
  /** The system does not tell. */
  UNKNOWN,
  /** Memory is there when it is asked for. */
  NORMAL,
  /** Work waits for memory, or it is compressed or written out. */
  WARNING,
  /** The system is about to end processes. */
  CRITICAL;

  /**
   * Whether more must not be started.
   *
   * @return true from {@link #WARNING} on; {@link #UNKNOWN} leaves it to the figures in bytes
   */
  public boolean isHigh() {
    return compareTo(WARNING) >= 0;
  }
}
