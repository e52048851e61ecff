package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Bad input is an exception that names the argument, at once; a rejection says which bound. */
@SuppressWarnings({"NullAway", "DataFlowIssue"}) // null is passed on purpose
class RejectionAndArgumentsTest {
  private static final Duration NEGATIVE = Duration.ofSeconds(-1);

  private record Wrong(String argument, Class<? extends Exception> type, Executable call) {}

  private static Wrong isNull(String argument, Executable call) {
    return new Wrong(argument, NullPointerException.class, call);
  }

  private static Wrong illegal(String argument, Executable call) {
    return new Wrong(argument, IllegalArgumentException.class, call);
  }

  private static LocalHeavyTask.Builder<String> local() {
    return LocalHeavyTask.builder(LocalKind.OTHER, "name", task -> "");
  }

  private static FleetTask<String> fleet() {
    return FleetTask.of("name", task -> "");
  }

  private static SchedulerBuilder builder() {
    return TwoQueueScheduler.builder();
  }

  @TestFactory
  Stream<DynamicTest> tasks() {
    return tests(
        isNull("kind", () -> LocalHeavyTask.of(null, "name", task -> "")),
        isNull("name", () -> LocalHeavyTask.of(LocalKind.OTHER, null, task -> "")),
        illegal("name", () -> LocalHeavyTask.of(LocalKind.OTHER, " ", task -> "")),
        isNull("body", () -> LocalHeavyTask.of(LocalKind.OTHER, "name", null)),
        isNull("body", () -> LocalHeavyTask.asyncBuilder(LocalKind.OTHER, "name", null)),
        isNull("model", () -> local().model(null)),
        illegal("model", () -> local().model("")),
        illegal("option", () -> local().runnerOption(" ", 1)),
        isNull("value", () -> local().runnerOption("num_ctx", null)),
        illegal("runnerOption", () -> local().runnerOption("num_ctx", 1).build()),
        illegal("memoryBytes", () -> local().memoryBytes(-1)),
        illegal("bytesToWrite", () -> local().bytesToWrite(Long.MIN_VALUE)),
        isNull("writesTo", () -> local().writesTo(null)),
        isNull("startWithin", () -> local().startWithin(null)),
        illegal("startWithin", () -> local().startWithin(Duration.ZERO)),
        illegal("runTimeout", () -> local().runTimeout(NEGATIVE)),
        isNull("other", () -> local().build().withBody(null)),
        illegal("name", () -> FleetTask.of("\t", task -> "")),
        isNull("body", () -> FleetTask.of("name", null)),
        isNull("body", () -> FleetTask.async("name", null)),
        illegal("provider", () -> fleet().withProvider("")),
        isNull("startWithin", () -> fleet().withStartWithin(null)),
        illegal("runTimeout", () -> fleet().withRunTimeout(Duration.ZERO)));
  }

  @TestFactory
  Stream<DynamicTest> values() {
    Map<String, String> nullValue = new HashMap<>();
    nullValue.put("num_ctx", null);
    return tests(
        illegal("model", () -> ResidencyKey.of(" ")),
        isNull("runnerOptions", () -> new ResidencyKey("a", null)),
        isNull("runnerOptions", () -> new ResidencyKey("a", nullValue)),
        illegal("runnerOptions", () -> new ResidencyKey("a", Map.of("", "1"))),
        illegal("model", () -> ResidentModel.worker("", 0)),
        illegal("bytes", () -> ResidentModel.worker("a", -1)),
        illegal("reason", () -> Residency.unknown(" ")),
        illegal("name", () -> new MemoryPart("", 1)),
        illegal("bytes", () -> new MemoryPart("a", -1)),
        illegal("reason", () -> WorkingSet.unknown("")),
        illegal("lowBytes", () -> new WorkingSet.Known(List.of(), -1, 0, List.of())),
        illegal("freeBytes", () -> new MemoryBudget(1, -1, 0, List.of(), "source")),
        illegal("source", () -> new MemoryBudget(1, 1, 0, List.of(), "")),
        isNull("need", () -> new MemoryForecast(null, null)),
        illegal("reason", () -> Verdict.hold("", Duration.ofSeconds(1))),
        illegal("lookAgainAfter", () -> Verdict.hold("why", Duration.ZERO)),
        isNull("lookAgainAfter", () -> Verdict.holdClass("why", null)),
        illegal("reason", () -> Verdict.refuse(" ")),
        isNull("saw", () -> Verdict.proceed(null)),
        isNull("lease", () -> Verdict.proceed().withLease(null)),
        illegal("lookAgainAfter", () -> Verdict.proceed().withLookAgainAfter(NEGATIVE)),
        illegal("done", () -> new Progress(-1, 0, "")),
        isNull("message", () -> new Progress(0, 0, null)),
        illegal("local", () -> TurnPolicy.budget(NEGATIVE, Duration.ZERO)),
        isNull("fleet", () -> TurnPolicy.budget(Duration.ZERO, null)),
        illegal("reason", () -> new WorkingSetPredictor.RefusedException("")),
        isNull(
            "need",
            () ->
                new GateRequest(
                    fleet(), GateRequest.Stage.FLEET, Residency.unknown("why"), null, 0)),
        illegal(
            "reclaimableBytes",
            () ->
                new GateRequest(
                    fleet(),
                    GateRequest.Stage.FLEET,
                    Residency.unknown("why"),
                    Optional.empty(),
                    -1)));
  }

  @TestFactory
  Stream<DynamicTest> settings() {
    return tests(
        isNull("gate", () -> builder().gate(null)),
        isNull("gate", () -> builder().fleetGate(null)),
        isNull("probe", () -> builder().residencyProbe(null)),
        isNull("evictor", () -> builder().evictor(null)),
        isNull("predictor", () -> builder().workingSetPredictor(null)),
        isNull("permits", () -> builder().outsidePermits(null)),
        isNull("listener", () -> builder().listener(null)),
        isNull("policy", () -> builder().turnPolicy(null)),
        isNull("executor", () -> builder().executor(null)),
        isNull("executor", () -> builder().callbackExecutor(null)),
        isNull("clock", () -> builder().clock(null)),
        illegal("fleetLimit", () -> builder().fleetLimit(0)),
        illegal("fleetLimit", () -> builder().fleetLimit(6)),
        illegal("fleetLimit", () -> builder().fleetLimit(Integer.MAX_VALUE)),
        illegal("limit", () -> builder().overrideFleetLimit(0, "why")),
        illegal("reason", () -> builder().overrideFleetLimit(6, " ")),
        isNull("reason", () -> builder().overrideFleetLimit(6, null)),
        illegal("eventBuffer", () -> builder().eventBuffer(0)),
        illegal("localQueueLimit", () -> builder().localQueueLimit(-1)),
        illegal("fleetQueueLimit", () -> builder().fleetQueueLimit(0)),
        illegal("consecutiveStartsCap", () -> builder().consecutiveStartsCap(0)),
        illegal("suspendedLimit", () -> builder().suspendedLimit(0)),
        illegal("lookTimeout", () -> builder().lookTimeout(Duration.ZERO)),
        illegal("evictionTimeout", () -> builder().evictionTimeout(NEGATIVE)));
  }

  @TestFactory
  Stream<DynamicTest> scheduler() {
    TwoQueueScheduler scheduler = builder().build();
    TaskHandle<String> handle = scheduler.submit(fleet());
    return tests(
        isNull("task", () -> scheduler.submit((FleetTask<String>) null)),
        isNull("task", () -> scheduler.submit((LocalHeavyTask<String>) null)),
        isNull("task", () -> scheduler.preview(null)),
        isNull("taskClass", () -> scheduler.pause(null)),
        isNull("taskClass", () -> scheduler.resume(null)),
        illegal("fleetLimit", () -> scheduler.fleetLimit(0)),
        illegal("fleetLimit", () -> scheduler.fleetLimit(-7)),
        illegal("fleetLimit", () -> scheduler.fleetLimit(6)),
        illegal("limit", () -> scheduler.overrideFleetLimit(0, "why")),
        illegal("reason", () -> scheduler.overrideFleetLimit(9, "")),
        illegal("reason", () -> scheduler.shutdownNow(" ")),
        isNull("reason", () -> scheduler.shutdownNow(null)),
        isNull("timeout", () -> scheduler.awaitTermination(null)),
        illegal("reason", () -> handle.cancel("")),
        isNull("reason", () -> handle.cancel(null)),
        isNull("timeout", () -> handle.get(null)));
  }

  private static Stream<DynamicTest> tests(Wrong... calls) {
    return Stream.iterate(0, i -> i < calls.length, i -> i + 1)
        .map(
            i ->
                dynamicTest(
                    i + " " + calls[i].argument,
                    () -> {
                      Exception thrown = assertThrows(calls[i].type, calls[i].call);
                      String message = String.valueOf(thrown.getMessage());
                      assertTrue(
                          message.contains(calls[i].argument),
                          () -> calls[i].argument + " is not named: " + message);
                    }));
  }

  @Test
  void absurdlyLongTimesAreCappedNotOverflowed() throws Exception {
    Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
    try (TwoQueueScheduler scheduler =
        builder()
            .lookTimeout(forEver)
            .evictionTimeout(forEver)
            .turnPolicy(TurnPolicy.budget(forEver, forEver))
            .gate(request -> Verdict.proceed())
            .build()) {
      TaskHandle<String> handle =
          scheduler.submit(local().startWithin(forEver).runTimeout(forEver).build());
      assertEquals("", handle.get(forEver));
      assertEquals("", Tasks.result(scheduler.submit(fleet())));
    }
  }

  @Test
  void aFullQueueSaysWhichBoundAndHowLongItIs() {
    try (TwoQueueScheduler scheduler = builder().localQueueLimit(2).fleetQueueLimit(1).build()) {
      scheduler.pause(TaskClass.LOCAL_HEAVY);
      scheduler.pause(TaskClass.FLEET);
      Collections.nCopies(2, local().build()).forEach(scheduler::submit);
      scheduler.submit(fleet());
      rejected(
          () -> scheduler.submit(local().build()), "local-heavy queue is full: 2", "bound is 2");
      rejected(() -> scheduler.submit(fleet()), "fleet queue is full: 1", "bound is 1");
      scheduler.shutdownNow("enough");
      rejected(() -> scheduler.submit(fleet()), "is shut down", "Submit before the shutdown");
    }
  }

  private static void rejected(Executable submission, String... parts) {
    TaskRejectedException rejected = assertThrows(TaskRejectedException.class, submission);
    for (String part : parts) {
      assertTrue(String.valueOf(rejected.getMessage()).contains(part), rejected::getMessage);
    }
  }
}
