package dev.twoqueue.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.twoqueue.ResidencyKey;
import dev.twoqueue.TaskClass;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The heap where what takes an emptied line's place has to go down, though others are below it. */
class LineHeapPlacesTest {
  private final LineHeap heap = new LineHeap();
  private final List<Line> lines = new ArrayList<>();

  /** A line for each head, at the place of its index. */
  private void fill(long... heads) {
    for (long head : heads) {
      Line line = new Line(ResidencyKey.of("model " + head));
      line.jobs.add(new Job(head, TaskClass.LOCAL_HEAVY, line.key, "job", null, null));
      heap.update(line);
      lines.add(line);
    }
  }

  private void empty(int place) {
    Line line = lines.get(place);
    line.jobs.remove(line.jobs.toList().get(0));
    heap.update(line);
  }

  @Test
  void theLastLineTakesTheEmptiedPlaceAndGoesDown() {
    // Places 1 to 4 are below 0; 5 to 8 below 1, and so on; 17 to 19 below 4.
    fill(
        0, 100, 200, 300, 1, 101, 102, 103, 104, 201, 202, 203, 204, 301, 302, 303, 304, 10, 11,
        50);
    empty(4);
    empty(0);
    List<Long> order = new ArrayList<>();
    for (Line first = heap.first(); first != null; first = heap.first()) {
      order.add(first.head());
      empty(lines.indexOf(first));
    }
    assertEquals(
        List.of(
            10L, 11L, 50L, 100L, 101L, 102L, 103L, 104L, 200L, 201L, 202L, 203L, 204L, 300L, 301L,
            302L, 303L, 304L),
        order);
  }
}
