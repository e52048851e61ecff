package dev.twoqueue.internal.engine;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lines that have a job, the one with the oldest head first: a heap of four children a node,
 * whose keys lie in one array. A head changes at every start, and a thousand lines are five levels
 * in some eight kilobytes, where a tree of nodes would be ten levels of cache misses.
 */
final class LineHeap {
  private static final int CHILDREN = 4;

  private Line[] lines = new Line[16];
  private long[] heads = new long[16];
  private int size;

  int size() {
    return size;
  }

  /** The line with the oldest head; null when there is none. */
  @Nullable Line first() {
    return size == 0 ? null : lines[0];
  }

  /** The line with the oldest head but for one; null when there is no other. */
  @Nullable Line firstBut(@Nullable Line excluded) {
    if (size == 0 || lines[0] != excluded) {
      return first();
    }
    int best = leastChild(0);
    return best < 0 ? null : lines[best];
  }

  /** A line's head has changed, or appeared, or gone. */
  void update(Line line) {
    long head = line.head();
    int place = line.place;
    if (place < 0) {
      if (head != Job.NEVER) {
        insert(line, head);
      }
    } else if (head == Job.NEVER) {
      removeAt(place);
    } else if (head < heads[place]) {
      up(place, line, head);
    } else if (head > heads[place]) {
      down(place, line, head);
    }
  }

  /** All lines, in no order; valid until the next change. */
  List<Line> lines() {
    return Arrays.asList(lines).subList(0, size);
  }

  private void insert(Line line, long head) {
    if (size == lines.length) {
      lines = Arrays.copyOf(lines, 2 * size);
      heads = Arrays.copyOf(heads, 2 * size);
    }
    up(size++, line, head);
  }

  private void removeAt(int place) {
    lines[place].place = -1;
    int end = --size;
    Line moved = lines[end];
    long head = heads[end];
    clear(end);
    if (place == end) {
      return;
    }
    if (place > 0 && head < heads[(place - 1) / CHILDREN]) {
      up(place, moved, head);
    } else {
      down(place, moved, head);
    }
  }

  @SuppressWarnings("NullAway") // beyond the size there is nothing
  private void clear(int place) {
    lines[place] = null;
  }

  private void up(int from, Line line, long head) {
    int place = from;
    while (place > 0) {
      int parent = (place - 1) / CHILDREN;
      if (heads[parent] <= head) {
        break;
      }
      put(place, lines[parent], heads[parent]);
      place = parent;
    }
    put(place, line, head);
  }

  private void down(int from, Line line, long head) {
    int place = from;
    for (int child = leastChild(place); child >= 0; child = leastChild(place)) {
      if (heads[child] >= head) {
        break;
      }
      put(place, lines[child], heads[child]);
      place = child;
    }
    put(place, line, head);
  }

  private int leastChild(int parent) {
    int first = parent * CHILDREN + 1;
    int least = -1;
    for (int child = first; child < Math.min(first + CHILDREN, size); child++) {
      if (least < 0 || heads[child] < heads[least]) {
        least = child;
      }
    }
    return least;
  }

  private void put(int place, Line line, long head) {
    lines[place] = line;
    heads[place] = head;
    line.place = place;
  }
}
