package dev.twoqueue.internal.engine.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Every reachable state of small worlds keeps I1 to I11, and a fair continuation from each ends
 * every task. The quick form runs with the tests; {@code -Dtwoqueue.explore=full} asks for the full
 * one.
 */
class ExplorerTest {
  private static final boolean FULL = "full".equals(System.getProperty("twoqueue.explore"));

  /** Far above what the worlds have: a field that never repeats would make a world endless. */
  private static final int MOST_STATES = FULL ? 2_000_000 : 60_000;

  @Test
  void everyStateOfEveryWorldKeepsTheInvariants() throws Exception {
    List<Explorer.Result> results = exploreAll(FULL ? Worlds.full() : Worlds.quick());
    results.forEach(System.out::println);
    Explorer.Result total = total(results);
    System.out.println(total);
    String violations =
        results.stream().map(Explorer.Result::violation).filter(v -> v != null).toList().toString();
    assertEquals("[]", violations);
    assertTrue(total.complete(), "a world was not explored to its end");
    assertEquals(EnumSet.allOf(Answer.class), total.given(), "an answer that no world gives");
    Set<Op> moves = EnumSet.complementOf(EnumSet.of(Op.UNTIL_WAKE)); // made in every state
    if (!FULL) {
      moves.remove(Op.HALF);
    }
    assertEquals(moves, total.made(), "something that happens in no world");
    assertTrue(total.states() >= (FULL ? 1_000_000 : 30_000), "the worlds have become too small");
  }

  private static List<Explorer.Result> exploreAll(List<WorldSpec> specs)
      throws InterruptedException, ExecutionException {
    ExecutorService explorers =
        Executors.newFixedThreadPool(Math.min(4, Runtime.getRuntime().availableProcessors()));
    try {
      List<Future<Explorer.Result>> futures = new ArrayList<>();
      for (WorldSpec spec : specs) {
        futures.add(
            explorers.submit(
                () -> new Explorer(spec, () -> new World(spec), MOST_STATES).explore()));
      }
      List<Explorer.Result> results = new ArrayList<>();
      for (Future<Explorer.Result> future : futures) {
        results.add(future.get());
      }
      return results;
    } finally {
      explorers.shutdownNow();
    }
  }

  private static <T> Set<T> union(
      List<Explorer.Result> results, Function<Explorer.Result, Set<T>> part) {
    return results.stream().map(part).flatMap(Set::stream).collect(Collectors.toSet());
  }

  private static Explorer.Result total(List<Explorer.Result> results) {
    return new Explorer.Result(
        results.size() + " worlds",
        results.stream().mapToInt(Explorer.Result::states).sum(),
        results.stream().mapToLong(Explorer.Result::transitions).sum(),
        results.stream().mapToInt(Explorer.Result::depth).max().orElse(0),
        results.stream().map(Explorer.Result::took).reduce(Duration.ZERO, Duration::plus),
        results.stream().allMatch(Explorer.Result::complete),
        union(results, Explorer.Result::made),
        union(results, Explorer.Result::given),
        null);
  }
}
