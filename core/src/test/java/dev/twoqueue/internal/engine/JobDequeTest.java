package dev.twoqueue.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.twoqueue.ResidencyKey;
import dev.twoqueue.TaskClass;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The queues' parts by example; LineHeapTest searches for a counterexample to the same. */
class JobDequeTest {
  private final JobDeque deque = new JobDeque();
  private final List<Job> jobs = LongStream.range(0, 6).mapToObj(JobDequeTest::job).toList();

  private static Job job(long id) {
    return new Job(id, TaskClass.LOCAL_HEAVY, null, "job", null, null);
  }

  private void add(int... which) {
    for (int i : which) {
      deque.add(jobs.get(i));
    }
  }

  private void remove(int... which) {
    for (int i : which) {
      deque.remove(jobs.get(i));
    }
  }

  private void assertHolds(int... which) {
    List<Job> expected = new ArrayList<>();
    for (int i : which) {
      expected.add(jobs.get(i));
    }
    assertEquals(expected, deque.toList());
    assertEquals(expected.size(), deque.size());
    assertEquals(expected.isEmpty(), deque.isEmpty());
    assertSame(expected.isEmpty() ? null : expected.get(0), deque.first());
    jobs.forEach(job -> assertEquals(expected.contains(job), deque.contains(job)));
  }

  @Test
  void jobsLeaveFromTheFrontTheMiddleAndTheEnd() {
    add(0, 1, 2, 3, 4);
    remove(2);
    assertHolds(0, 1, 3, 4);
    remove(4);
    assertHolds(0, 1, 3);
    add(5);
    assertHolds(0, 1, 3, 5);
    remove(0);
    assertHolds(1, 3, 5);
    remove(1, 3, 5);
    assertHolds();
    add(0);
    assertHolds(0);
  }

  @Test
  void oneThatComesBackStandsBeforeTheYounger() {
    add(0, 1, 3, 4);
    remove(0, 1);
    add(1);
    assertHolds(1, 3, 4);
    add(0, 2);
    assertHolds(0, 1, 2, 3, 4);
    remove(1, 3);
    assertHolds(0, 2, 4);
    remove(0, 4);
    assertHolds(2);
    remove(2);
    assertHolds();
  }

  @Test
  void theOldestIsFirstWhetherItCameBackOrNot() {
    add(0, 3);
    add(1);
    assertHolds(0, 1, 3);
    remove(0);
    assertHolds(1, 3);
  }

  @Test
  void noJobIsQueuedTwiceOrTakenOutOfAnotherQueue() {
    add(0);
    assertThrows(IllegalStateException.class, () -> add(0));
    assertThrows(IllegalStateException.class, () -> new JobDeque().add(jobs.get(0)));
    assertThrows(IllegalStateException.class, () -> new JobDeque().remove(jobs.get(0)));
    assertThrows(IllegalStateException.class, () -> remove(1));
    assertHolds(0);
  }

  @Test
  void whatIsWalkedOverMayLeaveMeanwhile() {
    add(0, 1, 2);
    for (Job job : deque) {
      deque.remove(job);
    }
    assertHolds();
  }

  @Test
  void theHeadOfALineIsItsOldestJob() {
    Line line = new Line(ResidencyKey.of("a"));
    assertEquals(Job.NEVER, line.head());
    line.jobs.add(jobs.get(1));
    line.jobs.add(jobs.get(2));
    assertEquals(1, line.head());
    line.jobs.remove(jobs.get(1));
    assertEquals(2, line.head());
    assertEquals("1 jobs for a", line.toString());
  }

  @Test
  void theHeapGivesTheLinesInTheOrderOfTheirHeads() {
    List<Line> inOrder = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Line line = new Line(ResidencyKey.of("model " + i));
      line.jobs.add(job(i));
      inOrder.add(line);
    }
    for (int seed = 0; seed < 5; seed++) {
      LineHeap heap = new LineHeap();
      List<Line> shuffled = new ArrayList<>(inOrder);
      Collections.shuffle(shuffled, new Random(seed));
      shuffled.forEach(heap::update);
      drainInOrder(heap, inOrder);
    }
  }

  private static void drainInOrder(LineHeap heap, List<Line> expected) {
    List<Job> taken = new ArrayList<>();
    for (int i = 0; i < expected.size(); i++) {
      Line line = expected.get(i);
      assertEquals(expected.size() - i, heap.size());
      assertEquals(
          expected.subList(i, expected.size()),
          heap.lines().stream().sorted(Comparator.comparingLong(Line::head)).toList());
      assertSame(line, heap.first());
      assertSame(line, heap.firstBut(null));
      boolean isLast = i + 1 == expected.size();
      assertSame(isLast ? null : expected.get(i + 1), heap.firstBut(line));
      taken.add(line.jobs.first());
      line.jobs.remove(taken.get(i));
      heap.update(line);
      assertEquals(-1, line.place);
      heap.update(line);
    }
    assertNull(heap.first());
    for (int i = 0; i < taken.size(); i++) {
      expected.get(i).jobs.add(taken.get(i));
    }
  }

  @Test
  void aHeadThatChangesMovesItsLine() {
    LineHeap heap = new LineHeap();
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Line line = new Line(ResidencyKey.of("model " + i));
      line.jobs.add(job(100 + i));
      line.jobs.add(job(200 + (i * 17) % 40));
      lines.add(line);
      heap.update(line);
    }
    Job older = job(50);
    lines.get(33).jobs.add(older);
    heap.update(lines.get(33));
    assertSame(lines.get(33), heap.first());
    lines.get(33).jobs.remove(older);
    heap.update(lines.get(33));
    assertSame(lines.get(0), heap.first());
    for (Line line : lines) {
      assertSame(line, heap.first(), "the first jobs in their order");
      takeFirst(line);
      heap.update(line);
    }
    List<Line> bySecond = new ArrayList<>(lines);
    bySecond.sort(Comparator.comparingLong(Line::head));
    for (Line line : bySecond) {
      assertSame(line, heap.first(), "then the second ones in theirs");
      takeFirst(line);
      heap.update(line);
    }
    assertEquals(0, heap.size());
  }

  @Test
  void aLineThatLeavesFromTheMiddleBreaksNoOrder() {
    for (int leaving = 0; leaving < 40; leaving++) {
      LineHeap heap = new LineHeap();
      List<Line> lines = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        Line line = new Line(null);
        line.jobs.add(job(i % 4 == 1 ? 1000 + i : i));
        lines.add(line);
        heap.update(line);
      }
      Line left = lines.remove(leaving);
      takeFirst(left);
      heap.update(left);
      lines.sort(Comparator.comparingLong(Line::head));
      for (Line line : lines) {
        assertSame(line, heap.first());
        takeFirst(line);
        heap.update(line);
      }
    }
  }

  private static void takeFirst(Line line) {
    line.jobs.remove(Objects.requireNonNull(line.jobs.first()));
  }

  /** The last line takes the place of the one that leaves, and may have to go up from there. */
  @Test
  void aLineThatLeavesFromAnotherBranchBreaksNoOrder() {
    // The first has four children; the first child has four, the second child the last line.
    long[] heads = {0, 100, 1, 3, 4, 101, 102, 103, 104, 2};
    for (int leaving = 5; leaving <= 8; leaving++) {
      LineHeap heap = new LineHeap();
      List<Line> lines = new ArrayList<>();
      for (long head : heads) {
        Line line = new Line(null);
        line.jobs.add(job(head));
        lines.add(line);
        heap.update(line);
      }
      Line left = lines.remove(leaving);
      takeFirst(left);
      heap.update(left);
      lines.sort(Comparator.comparingLong(Line::head));
      for (Line line : lines) {
        assertSame(line, heap.first());
        takeFirst(line);
        heap.update(line);
      }
    }
  }
}
