package dev.twoqueue.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.twoqueue.ResidencyKey;
import dev.twoqueue.TaskClass;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The heap of lines and the deques in it, against a plain search. */
class LineHeapTest {
  private final LineHeap heap = new LineHeap();
  private final List<Line> lines =
      IntStream.range(0, 40).mapToObj(i -> new Line(ResidencyKey.of("model " + i))).toList();
  private final List<List<Job>> expected =
      lines.stream().<List<Job>>map(line -> new ArrayList<>()).toList();
  private long lastId;

  /** Each step is a line's number and what happens to it: 0 to 4 adds, the others take out. */
  @Property(tries = 300)
  void firstAndFirstButOneAreThoseWithTheOldestHeads(
      @ForAll @Size(max = 200) List<@IntRange(max = 399) Integer> steps) {
    List<Job> taken = new ArrayList<>();
    for (int step : steps) {
      int at = step % 40;
      int what = step / 40;
      if (what < 5) {
        add(at, new Job(++lastId, TaskClass.LOCAL_HEAVY, lines.get(at).key, "job", null, null));
      } else if (what < 6 && !taken.isEmpty()) {
        add(at, taken.remove(step % taken.size())); // comes back, older than others
      } else if (!expected.get(at).isEmpty()) {
        taken.add(takeOut(at, step));
      }
      heap.update(lines.get(at));
      check();
    }
  }

  private void add(int at, Job job) {
    lines.get(at).jobs.add(job);
    expected.get(at).add(job);
    expected.get(at).sort(Comparator.comparingLong(Job::id));
  }

  private Job takeOut(int at, int which) {
    Job job = expected.get(at).remove(which % expected.get(at).size());
    lines.get(at).jobs.remove(job);
    return job;
  }

  private void check() {
    List<Line> inOrder =
        lines.stream()
            .filter(line -> !line.jobs.isEmpty())
            .sorted(Comparator.comparingLong(Line::head))
            .toList();
    assertEquals(inOrder.size(), heap.size());
    Line first = inOrder.isEmpty() ? null : inOrder.get(0);
    assertSame(first, heap.firstBut(null));
    assertSame(inOrder.size() < 2 ? null : inOrder.get(1), heap.firstBut(first));
    for (int i = 0; i < lines.size(); i++) {
      assertEquals(expected.get(i), lines.get(i).jobs.toList());
      assertEquals(expected.get(i).size(), lines.get(i).jobs.size());
    }
  }
}
