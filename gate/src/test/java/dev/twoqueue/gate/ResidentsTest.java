package dev.twoqueue.gate;

import static dev.twoqueue.gate.Requests.holds;
import static dev.twoqueue.gate.Requests.proceeds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.GateRequest;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.MemoryBudget;
import dev.twoqueue.MemoryForecast;
import dev.twoqueue.MemoryPart;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.Verdict;
import dev.twoqueue.WorkingSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What resident models mean for the budget of a task. */
class ResidentsTest {
  private static final long GIB = 1L << 30;
  private static final long GROWTH = GIB / 8;

  private static final ResidentModel EMBEDDING =
      ResidentModel.alwaysResident("nomic-embed-text:latest", GIB);
  private static final ResidentModel BIG = ResidentModel.worker("llama3.3:70b", 40 * GIB);
  private static final ResidentModel SMALL = ResidentModel.worker("qwen3:8b", 5 * GIB);

  private final MemoryGate gate =
      MemoryGate.of(
              () ->
                  new MemoryBudget(
                      72 * GIB, 20 * GIB, 0, List.of(new MemoryPart("spikes", GIB)), "a machine"))
          .withResidentGrowth(GROWTH);

  private Verdict look(String model, long need, long reclaimable, ResidentModel... resident)
      throws Exception {
    return gate.look(
        new GateRequest(
            LocalHeavyTask.builder(LocalKind.ORACLE, "ask", task -> "done").model(model).build(),
            GateRequest.Stage.EARLY,
            Residency.of(List.of(resident)),
            Optional.of(WorkingSet.exactly("all", need)),
            reclaimable));
  }

  @Test
  void evictions_ahead_give_back_model_by_model_in_their_order() throws Exception {
    Verdict verdict = look("gpt-oss:20b", 60 * GIB, 45 * GIB, EMBEDDING, SMALL, BIG);

    proceeds(verdict);
    MemoryForecast forecast = ((Verdict.Proceed) verdict).forecast().orElseThrow();
    assertEquals(
        List.of(new MemoryPart("qwen3:8b", 5 * GIB), new MemoryPart("llama3.3:70b", 40 * GIB)),
        forecast.budget().givenBack());
    assertEquals(
        List.of(new MemoryPart("growth of nomic-embed-text:latest", GROWTH)),
        forecast.budget().claimed(),
        "what stays may still grow, what goes does not");
  }

  @Test
  void where_nothing_is_evicted_it_says_what_a_person_could_unload() throws Exception {
    Verdict.Hold hold = holds(look("gpt-oss:20b", 30 * GIB, 0, EMBEDDING, BIG));

    assertTrue(
        hold.reason()
            .endsWith(
                "; would fit after unloading llama3.3:70b (40.00 GiB): headroom" + " 28.75 GiB"),
        hold.reason());
  }

  @Test
  void the_model_that_serves_the_task_is_neither_in_the_way_nor_counted_twice() throws Exception {
    Verdict verdict = look("llama3.3:70b", GIB, 0, BIG);
    MemoryBudget budget = ((Verdict.Proceed) verdict).forecast().orElseThrow().budget();
    assertEquals(List.of(), budget.unloadable());
    assertEquals(List.of(), budget.claimed());
  }

  @Test
  void a_sum_that_is_not_the_models_own_is_one_line() throws Exception {
    Verdict verdict = look("gpt-oss:20b", 30 * GIB, 12 * GIB, BIG);
    assertEquals(
        List.of(new MemoryPart("resident models", 12 * GIB)),
        ((Verdict.Proceed) verdict).forecast().orElseThrow().budget().givenBack());
  }

  @Test
  void the_embedding_model_never_makes_a_hold_a_refusal() throws Exception {
    Verdict.Hold hold = holds(look("gpt-oss:20b", 71 * GIB, 0, EMBEDDING));
    assertEquals(71 * GIB, hold.forecast().orElseThrow().need().highBytes());
  }
}
