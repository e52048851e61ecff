package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Wrong input to every public method: which exception, and that it names the argument. */
@SuppressWarnings("NullAway") // what a careless host may do
class RejectionAndArgumentsTest {
  private static final Class<NullPointerException> NPE = NullPointerException.class;
  private static final Class<IllegalArgumentException> IAE = IllegalArgumentException.class;
  private static final Duration ZERO = Duration.ZERO;
  private static final Duration NEGATIVE = Duration.ofSeconds(Long.MIN_VALUE);
  private static final WorkingSet.Known NEED = WorkingSet.exactly("weights", 1);
  private static final MemoryBudget BUDGET = new MemoryBudget(1, 1, 0, List.of(), "test");

  private final TwoQueueScheduler scheduler = TwoQueueScheduler.builder().build();
  private final TaskHandle<String> handle = scheduler.submit(Tasks.fleet("agent"));

  @AfterEach
  void close() {
    scheduler.close();
  }

  private record Case(Class<? extends Throwable> type, String names, Executable call) {}

  private static Case npe(String names, Executable call) {
    return new Case(NPE, names, call);
  }

  private static Case iae(String names, Executable call) {
    return new Case(IAE, names, call);
  }

  private static Stream<DynamicTest> tests(Case... cases) {
    return Stream.of(cases)
        .map(
            one ->
                DynamicTest.dynamicTest(
                    one.type.getSimpleName() + " naming " + one.names,
                    () -> {
                      Throwable thrown = assertThrows(one.type, one.call);
                      String message = String.valueOf(thrown.getMessage());
                      assertTrue(message.contains(one.names), message);
                    }));
  }

  private static LocalHeavyTask.Builder<String> local() {
    return LocalHeavyTask.builder(LocalKind.OTHER, "local", task -> "done");
  }

  @TestFactory
  Stream<DynamicTest> localHeavyTasks() {
    return tests(
        npe("kind", () -> LocalHeavyTask.of(null, "name", task -> 1)),
        npe("name", () -> LocalHeavyTask.of(LocalKind.OTHER, null, task -> 1)),
        iae("name", () -> LocalHeavyTask.of(LocalKind.OTHER, " \t", task -> 1)),
        npe("body", () -> LocalHeavyTask.of(LocalKind.OTHER, "name", null)),
        npe("body", () -> LocalHeavyTask.builder(LocalKind.OTHER, "name", null)),
        npe("body", () -> LocalHeavyTask.asyncBuilder(LocalKind.OTHER, "name", null)),
        npe("other", () -> local().build().withBody(null)),
        npe("model", () -> local().model(null)),
        iae("model", () -> local().model("")),
        npe("option", () -> local().model("A").runnerOption(null, 1)),
        iae("option", () -> local().model("A").runnerOption(" ", 1)),
        npe("value", () -> local().model("A").runnerOption("num_ctx", null)),
        iae("model", () -> local().runnerOption("num_ctx", 4096).build()),
        iae("memoryBytes", () -> local().memoryBytes(-1)),
        iae("bytesToWrite", () -> local().bytesToWrite(Long.MIN_VALUE)),
        npe("writesTo", () -> local().writesTo(null)),
        npe("startWithin", () -> local().startWithin(null)),
        iae("startWithin", () -> local().startWithin(ZERO)),
        iae("runTimeout", () -> local().runTimeout(NEGATIVE)),
        npe("runTimeout", () -> local().runTimeout(null)));
  }

  @TestFactory
  Stream<DynamicTest> fleetTasks() {
    FleetTask<String> task = Tasks.fleet("agent");
    return tests(
        npe("name", () -> FleetTask.of(null, t -> 1)),
        iae("name", () -> FleetTask.of("", t -> 1)),
        npe("body", () -> FleetTask.of("name", null)),
        npe("body", () -> FleetTask.async("name", null)),
        npe("provider", () -> task.withProvider(null)),
        iae("provider", () -> task.withProvider("  ")),
        npe("startWithin", () -> task.withStartWithin(null)),
        iae("startWithin", () -> task.withStartWithin(ZERO)),
        npe("runTimeout", () -> task.withRunTimeout(null)),
        iae("runTimeout", () -> task.withRunTimeout(NEGATIVE)));
  }

  @TestFactory
  Stream<DynamicTest> builder() {
    SchedulerBuilder builder = TwoQueueScheduler.builder();
    return tests(
        npe("gate", () -> builder.gate(null)),
        npe("gate", () -> builder.fleetGate(null)),
        npe("probe", () -> builder.residencyProbe(null)),
        npe("evictor", () -> builder.evictor(null)),
        npe("predictor", () -> builder.workingSetPredictor(null)),
        npe("permits", () -> builder.outsidePermits(null)),
        npe("listener", () -> builder.listener(null)),
        npe("policy", () -> builder.turnPolicy(null)),
        npe("executor", () -> builder.executor(null)),
        npe("executor", () -> builder.callbackExecutor(null)),
        npe("clock", () -> builder.clock(null)),
        iae("eventBuffer", () -> builder.eventBuffer(0)),
        iae("fleetLimit", () -> builder.fleetLimit(0)),
        iae("fleetLimit", () -> builder.fleetLimit(-1)),
        iae("overrideFleetLimit", () -> builder.fleetLimit(6)),
        iae("fleetLimit", () -> builder.fleetLimit(Integer.MAX_VALUE)),
        iae("limit", () -> builder.overrideFleetLimit(0, "reason")),
        npe("reason", () -> builder.overrideFleetLimit(6, null)),
        iae("reason", () -> builder.overrideFleetLimit(6, " ")),
        iae("localQueueLimit", () -> builder.localQueueLimit(0)),
        iae("fleetQueueLimit", () -> builder.fleetQueueLimit(Integer.MIN_VALUE)),
        iae("consecutiveStartsCap", () -> builder.consecutiveStartsCap(0)),
        iae("suspendedLimit", () -> builder.suspendedLimit(0)),
        npe("lookTimeout", () -> builder.lookTimeout(null)),
        iae("lookTimeout", () -> builder.lookTimeout(ZERO)),
        npe("evictionTimeout", () -> builder.evictionTimeout(null)),
        iae("evictionTimeout", () -> builder.evictionTimeout(NEGATIVE)));
  }

  @TestFactory
  Stream<DynamicTest> scheduler() {
    return tests(
        npe("task", () -> scheduler.submit((LocalHeavyTask<String>) null)),
        npe("task", () -> scheduler.submit((FleetTask<String>) null)),
        npe("task", () -> scheduler.preview(null)),
        npe("taskClass", () -> scheduler.pause(null)),
        npe("taskClass", () -> scheduler.resume(null)),
        iae("fleetLimit", () -> scheduler.fleetLimit(0)),
        iae("fleetLimit", () -> scheduler.fleetLimit(6)),
        iae("limit", () -> scheduler.overrideFleetLimit(-5, "reason")),
        npe("reason", () -> scheduler.overrideFleetLimit(6, null)),
        iae("reason", () -> scheduler.overrideFleetLimit(6, "")),
        npe("reason", () -> scheduler.shutdownNow(null)),
        iae("reason", () -> scheduler.shutdownNow(" ")),
        npe("timeout", () -> scheduler.awaitTermination(null)));
  }

  @TestFactory
  Stream<DynamicTest> handlesAndContexts() {
    return tests(
        npe("reason", () -> handle.cancel(null)),
        iae("reason", () -> handle.cancel(" ")),
        npe("timeout", () -> handle.get(null)),
        npe("handle", () -> inBody(task -> task.await(null))),
        npe("handle", () -> inBody(task -> task.awaitAsync(null))),
        npe(
            "progress",
            () ->
                inBody(
                    task -> {
                      task.progress(null);
                      return 1;
                    })),
        npe("action", () -> inBody(task -> task.cancellation().onCancel(null))));
  }

  private void inBody(TaskBody<Object> body) throws Throwable {
    TaskHandle<Object> running = scheduler.submit(Tasks.fleet("careless", body));
    throw assertThrows(TaskFailedException.class, () -> Tasks.result(running)).getCause();
  }

  @TestFactory
  Stream<DynamicTest> processes() {
    return tests(
        npe("command", () -> ProcessBody.of((String[]) null)),
        npe("command", () -> ProcessBody.of("ls", null)),
        iae("command", ProcessBody::of),
        iae("command", () -> ProcessBody.of(" ")),
        npe("change", () -> ProcessBody.of("ls").with(null)),
        npe("reader", () -> ProcessBody.of("ls").onLine(null)),
        npe("period", () -> ProcessBody.of("ls").grace(null)),
        iae("period", () -> ProcessBody.of("ls").grace(NEGATIVE)));
  }

  @TestFactory
  Stream<DynamicTest> verdictsAndTurns() {
    return tests(
        npe("saw", () -> Verdict.proceed(null)),
        npe("lease", () -> Verdict.proceed().withLease(null)),
        iae("lookAgainAfter", () -> Verdict.proceed().withLookAgainAfter(ZERO)),
        npe("reason", () -> Verdict.hold(null, Duration.ofSeconds(1))),
        iae("reason", () -> Verdict.hold(" ", Duration.ofSeconds(1))),
        npe("lookAgainAfter", () -> Verdict.hold("busy", null)),
        iae("lookAgainAfter", () -> Verdict.holdClass("busy", ZERO)),
        npe("scope", () -> new Verdict.Hold("busy", Duration.ofSeconds(1), null, Optional.empty())),
        npe("reason", () -> Verdict.refuse(null)),
        iae("reason", () -> Verdict.refuse("")),
        npe("forecast", () -> new Verdict.Refuse("no", null)),
        npe("local", () -> TurnPolicy.budget(null, ZERO)),
        iae("fleet", () -> TurnPolicy.budget(ZERO, NEGATIVE)),
        npe("gate", () -> new GateReport(null, Verdict.proceed())),
        npe("verdict", () -> new GateReport("gate", null)),
        npe("task", () -> request(null, 0)),
        iae("reclaimableBytes", () -> request(Tasks.local("task"), -1)),
        npe("reason", () -> new WorkingSetPredictor.RefusedException(null)),
        iae("reason", () -> new WorkingSetPredictor.RefusedException(" ")));
  }

  private static GateRequest request(ScheduledTask<?> task, long reclaimable) {
    return new GateRequest(
        task, GateRequest.Stage.FINAL, Residency.unknown("test"), Optional.empty(), reclaimable);
  }

  @TestFactory
  Stream<DynamicTest> memory() {
    List<MemoryPart> two = List.of(new MemoryPart("a", 2));
    List<MemoryPart> absurd =
        List.of(new MemoryPart("a", Long.MAX_VALUE), new MemoryPart("b", Long.MAX_VALUE));
    return tests(
        npe("name", () -> new MemoryPart(null, 1)),
        iae("name", () -> new MemoryPart("", 1)),
        iae("bytes", () -> new MemoryPart("a", -1)),
        npe("parts", () -> new WorkingSet.Known(null, 0, 0, List.of())),
        npe("assumptions", () -> new WorkingSet.Known(two, 2, 2, null)),
        iae("lowBytes", () -> new WorkingSet.Known(two, -1, 2, List.of())),
        npe("alternatives", () -> new WorkingSet.Known(two, 2, 2, List.of(), null)),
        iae("change", () -> new WorkingSet.Alternative(" ", 1, 2)),
        iae("likelyBytes", () -> new WorkingSet.Alternative("q8_0 KV cache", -1, 2)),
        iae("likely ≤ high", () -> new WorkingSet.Alternative("q8_0 KV cache", 3, 2)),
        iae("low ≤ likely ≤ high", () -> new WorkingSet.Known(two, 3, 3, List.of())),
        iae("low ≤ likely ≤ high", () -> new WorkingSet.Known(two, 1, 1, List.of())),
        iae("parts", () -> new WorkingSet.Known(absurd, 0, Long.MAX_VALUE, List.of())),
        iae("bytes", () -> WorkingSet.exactly("a", -1)),
        npe("assumptions", () -> WorkingSet.exactly("a", 1, (String[]) null)),
        npe("reason", () -> WorkingSet.unknown(null)),
        iae("reason", () -> WorkingSet.unknown(" ")),
        iae("totalBytes", () -> new MemoryBudget(-1, 0, 0, List.of(), "test")),
        iae("freeBytes", () -> new MemoryBudget(0, -1, 0, List.of(), "test")),
        iae("reclaimableBytes", () -> new MemoryBudget(0, 0, -1, List.of(), "test")),
        npe("reserved", () -> new MemoryBudget(0, 0, 0, null, "test")),
        iae("source", () -> new MemoryBudget(0, 0, 0, List.of(), " ")),
        npe("need", () -> new MemoryForecast(null, BUDGET)),
        npe("budget", () -> new MemoryForecast(NEED, null)));
  }

  @TestFactory
  Stream<DynamicTest> residency() {
    Map<String, String> nullValue = Collections.singletonMap("num_ctx", null);
    return tests(
        npe("model", () -> ResidencyKey.of(null)),
        iae("model", () -> ResidencyKey.of(" ")),
        npe("runnerOptions", () -> new ResidencyKey("A", null)),
        npe("runnerOptions", () -> new ResidencyKey("A", nullValue)),
        iae("runnerOptions", () -> new ResidencyKey("A", Map.of("", "1"))),
        npe("model", () -> ResidentModel.worker(null, 1)),
        iae("model", () -> ResidentModel.alwaysResident("", 1)),
        iae("bytes", () -> ResidentModel.worker("A", -1)),
        npe("runnerOptions", () -> resident(null, ResidentModel.Role.WORKER)),
        npe("runnerOptions", () -> resident(nullValue, ResidentModel.Role.WORKER)),
        npe("role", () -> resident(Map.of(), null)),
        npe("models", () -> Residency.of(null)),
        npe("models", () -> Residency.of(Collections.singletonList(null))),
        npe("reason", () -> Residency.unknown(null)),
        iae("reason", () -> Residency.unknown("")));
  }

  private static ResidentModel resident(Map<String, String> options, ResidentModel.Role role) {
    return new ResidentModel("A", options, 1, role, Optional.<Instant>empty());
  }

  @TestFactory
  Stream<DynamicTest> reports() {
    return tests(
        iae("done", () -> new Progress(-1, 0, "")),
        iae("total", () -> new Progress(0, -1, "")),
        npe("message", () -> new Progress(0, 0, null)),
        npe("cause", () -> new WaitReason(null, "text", Optional.empty())),
        npe("text", () -> new WaitReason(WaitReason.Cause.HELD, null, Optional.empty())));
  }

  @Test
  void absurdlyLargeArgumentsAreTakenForWhatTheyAre() throws Exception {
    Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
    TwoQueueScheduler built =
        TwoQueueScheduler.builder()
            .overrideFleetLimit(Integer.MAX_VALUE, "all at once")
            .localQueueLimit(Integer.MAX_VALUE)
            .fleetQueueLimit(Integer.MAX_VALUE)
            .consecutiveStartsCap(Integer.MAX_VALUE)
            .suspendedLimit(Integer.MAX_VALUE)
            .eventBuffer(Integer.MAX_VALUE)
            .lookTimeout(forEver)
            .evictionTimeout(forEver)
            .turnPolicy(TurnPolicy.budget(forEver, forEver))
            .gate(request -> Verdict.proceed())
            .build();
    LocalHeavyTask<String> task =
        local()
            .memoryBytes(Long.MAX_VALUE)
            .bytesToWrite(Long.MAX_VALUE)
            .writesTo(Path.of("/"))
            .startWithin(forEver)
            .runTimeout(forEver)
            .build();
    assertEquals("done", built.submit(task).get(forEver));
    built.close();
  }
}
