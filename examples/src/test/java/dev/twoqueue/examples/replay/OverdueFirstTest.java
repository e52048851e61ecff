package dev.twoqueue.examples.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.ResidencyKey;
import dev.twoqueue.WaitingModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OverdueFirstTest {
  private static final Duration SWAP = Duration.ofSeconds(20);

  /** Tasks run 10 s, on the model "slow" 100 s. */
  private final OverdueFirst policy =
      new OverdueFirst(
          key ->
              Duration.ofSeconds(
                  key.map(ResidencyKey::model).filter("slow"::equals).isPresent() ? 100 : 10),
          SWAP);

  @Test
  void theResidentModelGoesOnWhileNobodyIsOverdue() {
    assertChosen("a", resident("a", 3, 5, 30, 7), waiting("b", 9, 1, 60));
  }

  @Test
  void withoutAResidentModelTheMostTasksForTheirTimeAreNext() {
    // 1 in 30 s, 9 in 110 s, 20 in 2,020 s.
    assertChosen("b", waiting("a", 1, 1, 60), waiting("b", 9, 2, 60), waiting("slow", 20, 3, 60));
  }

  @Test
  void aSlowResidentModelGivesWay() {
    assertChosen("b", resident("slow", 20, 1, 60, 3), waiting("b", 9, 2, 60));
  }

  @Test
  void theOverdueModelIsNextAfterAVisit() {
    // All that waits takes 80 s: whoever has waited 65 s is overdue.
    assertChosen("a", resident("a", 5, 9, 10, 19), waiting("b", 1, 1, 65));
    assertChosen("b", resident("a", 5, 9, 10, 20), waiting("b", 1, 1, 65));
    assertChosen("a", resident("a", 5, 9, 10, 20), waiting("b", 1, 1, 63));
  }

  @Test
  void aVisitIsLongerWhileItsOwnTasksAreAboutAsOld() {
    assertChosen("a", resident("a", 5, 9, 86, 200), waiting("b", 1, 1, 100));
    assertChosen("b", resident("a", 5, 9, 84, 200), waiting("b", 1, 1, 100));
  }

  @Test
  void whoeverWaitsAloneIsNext() {
    assertChosen("a", resident("a", 1, 1, 9_999, 9_999));
    assertChosen("b", waiting("b", 1, 1, 9_999));
  }

  /** Not a proof: it keeps the figures in the documentation from becoming wrong unseen. */
  @Test
  void onTheTraceItWaitsLessThanDrainAndNoLongerThanTheBestCap() throws Exception {
    Trace recorded = TraceFiles.jobs(Traces.file("gentd26-jobs.csv"));
    Duration load = TraceFiles.medianLoad(Traces.file("gentd26-model-load-ms.csv"));
    for (Trace trace : List.of(recorded, recorded.atLoad(0.7))) {
      Map<String, Schedule> runs =
          Comparison.of(trace, load).runs().stream()
              .collect(Collectors.toMap(Comparison.Run::policy, Comparison.Run::schedule));
      Schedule overdueFirst = get(runs, "overdue first");
      assertShorter(overdueFirst.meanWait(), get(runs, "drain").meanWait());
      for (String cap : List.of("cap 8", "cap 16", "cap 32")) {
        assertShorter(overdueFirst.waitQuantile(1), get(runs, cap).waitQuantile(1));
      }
    }
  }

  private static Schedule get(Map<String, Schedule> runs, String policy) {
    return Optional.ofNullable(runs.get(policy)).orElseThrow();
  }

  private static void assertShorter(Duration one, Duration other) {
    assertTrue(one.compareTo(other) < 0, one + " is not shorter than " + other);
  }

  private void assertChosen(String model, WaitingModel... waiting) {
    assertEquals(
        Optional.of(model), policy.choose(List.of(waiting)).key().map(ResidencyKey::model));
  }

  private static WaitingModel waiting(String model, int tasks, long oldest, int seconds) {
    return line(model, false, tasks, oldest, seconds, 0);
  }

  private static WaitingModel resident(
      String model, int tasks, long oldest, int seconds, int startsInRow) {
    return line(model, true, tasks, oldest, seconds, startsInRow);
  }

  private static WaitingModel line(
      String model, boolean resident, int tasks, long oldest, int seconds, int startsInRow) {
    Duration wait = Duration.ofSeconds(seconds);
    return new WaitingModel(
        Optional.of(new ResidencyKey(model, Map.of())), resident, tasks, oldest, wait, startsInRow);
  }
}
