package dev.twoqueue.internal.engine.explore;

/** Numbers 128-bit values in the order in which they come; in three arrays. */
final class Seen {
  private long[] highs = new long[1 << 12];
  private long[] lows = new long[1 << 12];
  private int[] numbers = new int[1 << 12];
  private int size;

  int size() {
    return size;
  }

  /** The number of a value: {@link #size} as it was before, where the value is new. */
  int number(long high, long low) {
    if (size * 2 > highs.length) {
      grow();
    }
    // Zero marks an empty place; the odd bit keeps a value from being zero.
    int at = place(high, low | 1);
    if (lows[at] == 0) {
      highs[at] = high;
      lows[at] = low | 1;
      numbers[at] = size++;
    }
    return numbers[at];
  }

  private int place(long high, long marked) {
    int mask = highs.length - 1;
    int at = (int) (high >>> 7) & mask;
    while (lows[at] != 0 && (highs[at] != high || lows[at] != marked)) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void grow() {
    long[] oldHighs = highs;
    long[] oldLows = lows;
    int[] oldNumbers = numbers;
    highs = new long[oldHighs.length * 2];
    lows = new long[oldLows.length * 2];
    numbers = new int[oldNumbers.length * 2];
    for (int from = 0; from < oldHighs.length; from++) {
      if (oldLows[from] != 0) {
        int to = place(oldHighs[from], oldLows[from]);
        highs[to] = oldHighs[from];
        lows[to] = oldLows[from];
        numbers[to] = oldNumbers[from];
      }
    }
  }
}
