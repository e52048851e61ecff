package dev.twoqueue.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Evictor;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidencyProbe;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.WorkingSetPredictor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Names, sums and routes of the view of several servers. */
class ModelServersTest {
  private final Stub first = new Stub("first");
  private final Stub second = new Stub("second");
  private final ModelServers servers =
      ModelServers.builder().server("first", first, first).server("second", second, second).build();

  /** A server that says what a test tells it, and keeps what it was asked. */
  private static final class Stub implements ResidencyProbe, WorkingSetPredictor {
    private final String name;
    private Residency residency = Residency.of(List.of());
    private final List<Object> asked = new ArrayList<>();

    private Stub(String name) {
      this.name = name;
    }

    @Override
    public Residency observe() {
      return residency;
    }

    @Override
    public ResidencyKey normalise(ResidencyKey key) {
      return new ResidencyKey(key.model().toLowerCase(Locale.ROOT), key.runnerOptions());
    }

    @Override
    public Optional<Evictor> evictor() {
      return Optional.of(asked::add);
    }

    @Override
    public Map<String, Duration> swapTimes() {
      return Map.of("m", Duration.ofSeconds(name.length()));
    }

    @Override
    public List<String> warnings() {
      return List.of("from " + name);
    }

    @Override
    public WorkingSet predict(LocalHeavyTask<?> task, Residency seen) {
      asked.add(task.residencyKey());
      asked.add(seen);
      return WorkingSet.unknown(name);
    }
  }

  private static LocalHeavyTask<String> task(String model) {
    return LocalHeavyTask.builder(LocalKind.ORACLE, "ask", task -> "answer")
        .model(model)
        .runnerOption("num_ctx", 4096)
        .build();
  }

  @Test
  void residents_addUpUnderTheirServersNames() throws Exception {
    first.residency = Residency.of(List.of(ResidentModel.worker("m", 3)));
    second.residency =
        Residency.of(List.of(ResidentModel.worker("m", 5), ResidentModel.alwaysResident("e", 7)));
    assertEquals(
        Residency.of(
            List.of(
                ResidentModel.worker("first/m", 3),
                ResidentModel.worker("second/m", 5),
                ResidentModel.alwaysResident("second/e", 7))),
        servers.residencyProbe().observe());
  }

  @Test
  void swapTimesAndWarnings_bearTheirServersNames() {
    assertEquals(
        Map.of("first/m", Duration.ofSeconds(5), "second/m", Duration.ofSeconds(6)),
        servers.residencyProbe().swapTimes());
    assertEquals(
        List.of("first: from first", "second: from second"), servers.residencyProbe().warnings());
  }

  @Test
  void oneServerThatCannotBeAsked_makesAllUnknown() throws Exception {
    first.residency = Residency.of(List.of(ResidentModel.worker("m", 3)));
    second.residency = Residency.unknown("no connection");
    assertEquals(Residency.unknown("second: no connection"), servers.residencyProbe().observe());
  }

  @Test
  void eviction_goesToTheServerThatHoldsTheModel() throws Exception {
    Evictor evictor = servers.residencyProbe().evictor().orElseThrow();
    evictor.evict(ResidentModel.worker("second/qwen/m", 5));
    evictor.evict(ResidentModel.worker("first/m", 3));
    assertEquals(List.of(ResidentModel.worker("qwen/m", 5)), second.asked);
    assertEquals(List.of(ResidentModel.worker("m", 3)), first.asked);
  }

  @Test
  void keys_areNormalisedByTheirServer() {
    ResidencyProbe probe = servers.residencyProbe();
    Map<String, String> options = Map.of("num_ctx", "4096");
    assertEquals(
        new ResidencyKey("second/qwen/m", options),
        probe.normalise(new ResidencyKey("second/Qwen/M", options)));
    assertEquals(ResidencyKey.of("first/m"), probe.normalise(ResidencyKey.of("M")));
    assertEquals(ResidencyKey.of("first/third/m"), probe.normalise(ResidencyKey.of("third/M")));
    assertEquals(ResidencyKey.of("first/second/"), probe.normalise(ResidencyKey.of("second/")));
  }

  @Test
  void forecast_isTheServersOwnOfWhatItHolds() throws Exception {
    Residency all =
        Residency.of(
            List.of(ResidentModel.worker("first/m", 3), ResidentModel.worker("second/n", 5)));
    WorkingSetPredictor predictor = servers.workingSetPredictor();
    assertEquals(WorkingSet.unknown("second"), predictor.predict(task("second/m"), all));
    assertEquals(
        List.of(task("m").residencyKey(), Residency.of(List.of(ResidentModel.worker("n", 5)))),
        second.asked);
    assertEquals(WorkingSet.unknown("first"), predictor.predict(task("m"), all));
    LocalHeavyTask<String> sweep = LocalHeavyTask.of(LocalKind.TEST_SWEEP, "sweep", task -> "done");
    assertEquals(WorkingSet.unknown("first"), predictor.predict(sweep, Residency.unknown("x")));
    assertEquals(Residency.unknown("x"), first.asked.get(3));
  }

  @Test
  void readyMadeTask_isBroughtToItsServer() {
    assertEquals(
        new ResidencyKey("second/m", Map.of("num_ctx", "4096")),
        servers.on("second", task("m")).residencyKey().orElseThrow());
    LocalHeavyTask<String> none = LocalHeavyTask.of(LocalKind.OTHER, "x", task -> "done");
    assertThrows(IllegalArgumentException.class, () -> servers.on("second", none));
    assertThrows(IllegalArgumentException.class, () -> servers.on("third", task("m")));
  }

  @Test
  void wrongServers_areRejectedWhenTheyAreAdded() {
    ModelServers.Builder builder = ModelServers.builder();
    assertThrows(IllegalArgumentException.class, builder::build);
    assertThrows(IllegalArgumentException.class, () -> builder.server(" ", first, first));
    assertThrows(IllegalArgumentException.class, () -> builder.server("a/b", first, first));
    builder.server("a", first, first);
    assertThrows(IllegalArgumentException.class, () -> builder.server("a", second, second));
    try (LlamaSwap swap = LlamaSwap.connect("127.0.0.1:1")) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> builder.server("swap", swap.orderingProbe(), swap.workingSetPredictor()));
      assertTrue(e.toString().contains("has no evictor"), e::toString);
      builder.server("swap", swap);
    }
  }

  @Test
  void declaredMemory_isForecastUnlessTheModelIsResident() throws Exception {
    try (LlamaSwap swap =
        LlamaSwap.builder().address("127.0.0.1:1").modelBytes("m", 5_000).build()) {
      WorkingSetPredictor predictor = swap.workingSetPredictor();
      Residency other = Residency.of(List.of(ResidentModel.worker("n", 1)));
      Residency here = Residency.of(List.of(ResidentModel.worker("m", 1)));
      assertEquals(5_000, need(predictor.predict(task("m"), other)).highBytes());
      assertEquals(5_000, need(predictor.predict(task("m"), Residency.unknown("x"))).highBytes());
      assertEquals(0, need(predictor.predict(task("m"), here)).highBytes());
      assertInstanceOf(WorkingSet.Unknown.class, predictor.predict(task("n2"), other));
      LocalHeavyTask<String> none = LocalHeavyTask.of(LocalKind.OTHER, "x", task -> "done");
      assertInstanceOf(WorkingSet.Unknown.class, predictor.predict(none, other));
    }
  }

  @Test
  void undeclaredModel_isForecastFromItsNameWhereItsContextIsKnown() throws Exception {
    String model = "qwen/qwen3-30b-a3b-2507";
    LocalHeavyTask<String> task =
        LocalHeavyTask.builder(LocalKind.ORACLE, "ask", it -> "answer").model(model).build();
    Residency none = Residency.of(List.of());
    try (LmStudio silent = LmStudio.connect("127.0.0.1:1");
        LmStudio told = LmStudio.builder().address("127.0.0.1:1").contextLength(8192).build()) {
      WorkingSet unknown = silent.workingSetPredictor().predict(task, none);
      WorkingSet.Unknown why = assertInstanceOf(WorkingSet.Unknown.class, unknown);
      assertTrue(why.reason().contains("modelBytes"), why::reason);

      WorkingSet.Known need = need(told.workingSetPredictor().predict(task, none));
      assertTrue(need.lowBytes() > 8L << 30 && need.highBytes() > 60L << 30, need::toString);
      assertTrue(need.assumptions().toString().contains("only the model's name"), need::toString);

      LocalHeavyTask<String> longer =
          task.toBuilder().runnerOption(LmStudio.CONTEXT_LENGTH, 32_768).build();
      WorkingSet.Known more = need(silent.workingSetPredictor().predict(longer, none));
      assertTrue(more.highBytes() > need.highBytes(), more::toString);
    }
  }

  private static WorkingSet.Known need(WorkingSet need) {
    return assertInstanceOf(WorkingSet.Known.class, need);
  }
}
