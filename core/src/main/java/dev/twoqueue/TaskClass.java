package dev.twoqueue;

/** The two classes of work. They are never mixed: while one occupies, the other waits (I3). */
public enum TaskClass {
  /** Saturates this machine: runs alone (I1). */
  LOCAL_HEAVY,
  /** Waits on a remote API: runs with bounded concurrency (I2). */
  FLEET;

  /**
   * The class that must wait while this one occupies.
   *
   * @return the other of the two
   */
  public TaskClass other() {
    return this == LOCAL_HEAVY ? FLEET : LOCAL_HEAVY;
  }
}
