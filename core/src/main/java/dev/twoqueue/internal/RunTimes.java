package dev.twoqueue.internal;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How long local-heavy bodies of one sort ran: medians of the last ones. Under the shell's lock.
 */
final class RunTimes {
  static final int KEPT = 32;
  private static final int MOST_SORTS = 256;

  private static final class Window {
    private final long[] nanos = new long[KEPT];
    private int count;

    private void add(long value) {
      nanos[count % KEPT] = value;
      count = count + 1 < 2 * KEPT ? count + 1 : KEPT; // full from then on
    }

    private OptionalLong median() {
      int size = Math.min(count, KEPT);
      if (size == 0) {
        return OptionalLong.empty();
      }
      long[] sorted = Arrays.copyOf(nanos, size);
      Arrays.sort(sorted);
      return OptionalLong.of(sorted[(size - 1) / 2]);
    }
  }

  private record Sort(Window plain, Window withSwap) {}

  private final Map<String, Sort> bySort =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Sort> eldest) {
          return size() > MOST_SORTS;
        }
      };

  /** A body has ended well. */
  void ran(String sort, long nanos, boolean withSwap) {
    Sort of = bySort.computeIfAbsent(sort, name -> new Sort(new Window(), new Window()));
    (withSwap ? of.withSwap : of.plain).add(nanos);
  }

  /**
   * What the next one will take, its swap aside.
   *
   * @param swap what bringing its model in takes
   * @return empty when nothing is known
   */
  OptionalLong typical(String sort, OptionalLong swap) {
    @Nullable Sort of = bySort.get(sort);
    if (of == null) {
      return OptionalLong.empty();
    }
    OptionalLong plain = of.plain.median();
    OptionalLong withSwap = of.withSwap.median();
    return plain.isPresent() || withSwap.isEmpty() || swap.isEmpty()
        ? plain
        : OptionalLong.of(Math.max(0, withSwap.getAsLong() - swap.getAsLong()));
  }
}
