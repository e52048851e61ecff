package dev.twoqueue.ollama.forecast;

/**
 * Where the tensors of a graph come to lie in one buffer, and how large that buffer must be.
 *
 * <p>ggml plans the buffer before it allocates it ({@code ggml-alloc.c}): in the order of the graph
 * each tensor takes the smallest hole that it fits into, or else lies behind all others, and leaves
 * its place when its last reader has run. The buffer's size is the highest end that was ever
 * reached, holes included; a sum of what is alive at once would be too small.
 *
 * <p>Not safe for use by several threads.
 */
final class BufferPlanner {
  /** The alignment of ggml's CPU buffers, in bytes. */
  private static final long ALIGNMENT = 32;

  private static final int MOST = 48;

  private final long[] holeStart = new long[MOST];
  private final long[] holeSize = new long[MOST];
  private int holes;

  private final long[] start = new long[MOST];
  private final long[] size = new long[MOST];
  private int free;

  private long end;
  private long peak;

  /** A bit for each tensor's number that is not in use. */
  private long unused = (1L << MOST) - 1;

  /**
   * Places a tensor.
   *
   * @param bytes its size
   * @return its number, for {@link #give}
   * @throws ArithmeticException when the buffer would exceed a long
   */
  int take(long bytes) {
    long needed = aligned(bytes);
    int best = -1;
    for (int i = 0; i < holes; i++) {
      if (holeSize[i] >= needed && (best < 0 || holeSize[i] <= holeSize[best])) {
        best = i;
      }
    }
    int tensor = number();
    size[tensor] = needed;
    if (best < 0) {
      start[tensor] = end;
      end = Math.addExact(end, needed);
      peak = Math.max(peak, end);
    } else {
      start[tensor] = holeStart[best];
      shrink(best, needed);
    }
    return tensor;
  }

  /** Frees a tensor. */
  void give(int tensor) {
    unused |= 1L << tensor;
    free(start[tensor], size[tensor]);
  }

  /** The size that the buffer must have. */
  long peak() {
    return peak;
  }

  /**
   * What a planner looked like: where holes and tensors begin. Each reaches to where the next
   * begins.
   */
  static final class Picture {
    private final long[] holes = new long[MOST];
    private final long[] tensors = new long[MOST];
    private int number;
    private long unused;
    private long end;
  }

  /** Draws it. */
  void draw(Picture picture) {
    picture.end = end;
    picture.unused = unused;
    picture.number = holes;
    System.arraycopy(holeStart, 0, picture.holes, 0, holes);
    System.arraycopy(start, 0, picture.tensors, 0, MOST);
  }

  /** Whether whatever is placed next comes to lie where it would have then. */
  boolean looksLike(Picture picture) {
    if (end != picture.end || unused != picture.unused || holes != picture.number) {
      return false;
    }
    for (int i = 0; i < holes; i++) {
      if (holeStart[i] != picture.holes[i]) {
        return false;
      }
    }
    for (int i = 0; i < MOST; i++) {
      if ((unused & 1L << i) == 0 && start[i] != picture.tensors[i]) {
        return false;
      }
    }
    return true;
  }

  private int number() {
    if (unused == 0) {
      throw new IllegalStateException("a graph holds more than " + MOST + " tensors at once");
    }
    free = Long.numberOfTrailingZeros(unused);
    unused &= unused - 1;
    return free;
  }

  private void shrink(int hole, long bytes) {
    holeStart[hole] += bytes;
    holeSize[hole] -= bytes;
    if (holeSize[hole] == 0) {
      remove(hole);
    }
  }

  private void free(long from, long bytes) {
    if (bytes == 0) {
      return;
    }
    int next = 0;
    while (next < holes && holeStart[next] < from) {
      next++;
    }
    boolean joinsPrevious = next > 0 && holeStart[next - 1] + holeSize[next - 1] == from;
    boolean joinsNext = next < holes && from + bytes == holeStart[next];
    if (from + bytes == end) {
      end = joinsPrevious ? holeStart[next - 1] : from;
      if (joinsPrevious) {
        remove(next - 1);
      }
    } else if (joinsPrevious) {
      holeSize[next - 1] += bytes;
      if (joinsNext) {
        holeSize[next - 1] += holeSize[next];
        remove(next);
      }
    } else if (joinsNext) {
      holeStart[next] = from;
      holeSize[next] += bytes;
    } else {
      insert(next, from, bytes);
    }
  }

  private void insert(int at, long from, long bytes) {
    if (holes == MOST) {
      return; // a hole that is not remembered makes the buffer larger, never smaller
    }
    System.arraycopy(holeStart, at, holeStart, at + 1, holes - at);
    System.arraycopy(holeSize, at, holeSize, at + 1, holes - at);
    holeStart[at] = from;
    holeSize[at] = bytes;
    holes++;
  }

  private void remove(int at) {
    holes--;
    System.arraycopy(holeStart, at + 1, holeStart, at, holes - at);
    System.arraycopy(holeSize, at + 1, holeSize, at, holes - at);
  }

  private static long aligned(long bytes) {
    return Math.addExact(bytes, ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
