package dev.twoqueue.gate.memory;

/**
 * Metal's recommended working set where nobody set {@code iogpu.wired_limit_mb}: it varies with the
 * memory and the release of macOS, and no command tells it. Measured on Macs of these sizes; where
 * two figures are known for one size the lower one, and for another size the lower share of its
 * neighbours.
 */
final class MetalDefault {
  private static final long GIB = 1L << 30;

  /** Memory in GiB, limit in MiB. */
  private static final long[][] MEASURED = {
    {8, 5461}, {16, 10_923}, {48, 38_338}, {64, 49_152}, {96, 73_728}, {128, 110_100}
  };

  private static final double LEAST_SHARE = 2.0 / 3;
  private static final double LARGE_SHARE = 0.75;

  private MetalDefault() {}

  static long bytes(long physical) {
    for (long[] row : MEASURED) {
      if (row[0] * GIB == physical) {
        return row[1] << 20;
      }
    }
    return (long) (physical * (physical > 48 * GIB ? LARGE_SHARE : LEAST_SHARE));
  }
}
