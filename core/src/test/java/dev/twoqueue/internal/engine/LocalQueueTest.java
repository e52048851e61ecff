package dev.twoqueue.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.twoqueue.ResidencyKey;
import dev.twoqueue.TaskClass;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The queue of the local-heavy tasks by itself. */
class LocalQueueTest {
  private final LocalQueue queue = new LocalQueue();
  private long lastId;

  private Job job(@Nullable ResidencyKey key) {
    return new Job(++lastId, TaskClass.LOCAL_HEAVY, key, "job", null, null);
  }

  private Job added(@Nullable ResidencyKey key) {
    Job job = job(key);
    queue.add(job);
    return job;
  }

  private static ResidencyKey withContext(String size) {
    return new ResidencyKey("a", Map.of("num_ctx", size));
  }

  @Test
  void onlyWhatWaitsCanLeave() {
    Job job = job(null);
    assertThrows(IllegalStateException.class, () -> queue.remove(job));
    queue.add(job);
    queue.remove(job);
    assertThrows(IllegalStateException.class, () -> queue.remove(job));
    assertEquals(0, queue.ready());
  }

  @Test
  void theOldestOfAModelIsFoundAmongAllItsOptionsAndTheHeld() {
    Job small = added(withContext("4096"));
    Job large = added(withContext("65536"));
    assertEquals(Map.of("a", small), queue.oldestByModel());
    queue.hold(small, 1, "not now");
    assertEquals(Map.of("a", small), queue.oldestByModel());
    queue.remove(small);
    assertEquals(Map.of("a", large), queue.oldestByModel());
    assertEquals(List.of(), queue.listHeld());
  }

  @Test
  void theYoungerOptionsOfAModelDoNotHideTheOlder() {
    Job first = added(withContext("1"));
    Job second = added(withContext("2"));
    Job third = added(withContext("3"));
    queue.remove(first);
    assertEquals(Map.of("a", second), queue.oldestByModel());
    queue.hold(third, 1, "not now");
    assertEquals(Map.of("a", second), queue.oldestByModel());
  }

  @Test
  void whatIsHeldComesBackEachAtItsTime() {
    Job late = added(null);
    Job early = added(null);
    Job same = added(null);
    queue.hold(late, 5, "not now");
    queue.hold(early, 3, "not now");
    queue.hold(same, 3, "not now");
    assertEquals(3, queue.held());
    assertEquals(3, queue.nextRelease());
    queue.release(3);
    assertEquals(List.of(early, same), queue.listReady());
    assertEquals(5, queue.nextRelease());
  }
}
