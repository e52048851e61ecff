package dev.twoqueue.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Gate;
import dev.twoqueue.GateRequest;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.Verdict;
import dev.twoqueue.WorkingSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two servers on one machine and the real scheduler. */
@Timeout(60)
class OneWorkerForTheMachineTest {
  private final List<String> history = Collections.synchronizedList(new ArrayList<>());
  private final List<GateRequest> looks = Collections.synchronizedList(new ArrayList<>());

  /** What each server holds. */
  private final Set<String> onRouter = Collections.synchronizedSet(new LinkedHashSet<>());

  private final Set<String> onSwap = Collections.synchronizedSet(new LinkedHashSet<>());
  private final FakeServer routerServer = router();
  private final FakeServer swapServer = swap();
  private final LlamaServer router =
      LlamaServer.builder()
          .address(routerServer.url())
          .modelBytes("a", 10)
          .modelBytes("b", 20)
          .build();
  private final LlamaSwap swap =
      LlamaSwap.builder()
          .address(swapServer.url())
          .modelBytes("a", 300)
          .modelBytes("c", 400)
          .alwaysResident("embed")
          .build();

  private final ModelServers servers =
      ModelServers.builder().server("llama", router).server("swap", swap).build();

  private TwoQueueScheduler scheduler() {
    return TwoQueueScheduler.builder()
        .gate(new Witness())
        .residencyProbe(servers.residencyProbe())
        .workingSetPredictor(servers.workingSetPredictor())
        .build();
  }

  private LocalHeavyTask<String> load(String model) {
    return LocalHeavyTask.builder(
            LocalKind.LOAD,
            "load " + model,
            task -> {
              router.load(model, task.cancellation());
              return model;
            })
        .model("llama/" + model)
        .build();
  }

  @AfterEach
  void close() {
    router.close();
    swap.close();
    routerServer.close();
    swapServer.close();
  }

  /** Takes whatever it is shown. */
  private final class Witness implements Gate {
    @Override
    public Verdict look(GateRequest request) {
      looks.add(request);
      return Verdict.proceed("seen");
    }
  }

  private FakeServer router() {
    return new FakeServer()
        .on(
            "GET /models",
            body -> {
              List<String> entries = new ArrayList<>();
              for (String model : List.of("a", "b")) {
                String status = onRouter.contains(model) ? "loaded" : "unloaded";
                entries.add("{\"id\":\"" + model + "\",\"status\":{\"value\":\"" + status + "\"}}");
              }
              return FakeServer.answer(200, "{\"data\":[" + String.join(",", entries) + "]}");
            })
        .on(
            "POST /models/load",
            body -> {
              loads("llama/" + named(body), onRouter, named(body));
              return FakeServer.answer(200, "{\"success\":true}");
            })
        .on(
            "POST /models/unload",
            body -> {
              history.add("- llama/" + named(body));
              onRouter.remove(named(body));
              return FakeServer.answer(200, "{\"success\":true}");
            });
  }

  private FakeServer swap() {
    FakeServer server = new FakeServer();
    server.on(
        "GET /running",
        body ->
            FakeServer.answer(
                200,
                "{\"running\":["
                    + String.join(
                        ",",
                        onSwap.stream()
                            .map(m -> "{\"model\":\"" + m + "\",\"state\":\"ready\"}")
                            .toList())
                    + "]}"));
    for (String model : List.of("a", "c")) {
      server
          .on(
              "POST /api/models/unload/" + model,
              body -> {
                history.add("- swap/" + model);
                onSwap.remove(model);
                return FakeServer.answer(200, "OK");
              })
          .on(
              "GET /upstream/" + model,
              body -> {
                loads("swap/" + model, onSwap, model);
                return FakeServer.answer(200, "{}");
              });
    }
    return server;
  }

  private static String named(String body) {
    return body.replaceAll("\\{\"model\":\"(.*)\"}", "$1");
  }

  /** A load finds an empty machine, but for the embedding model. */
  private void loads(String name, Set<String> server, String model) {
    Set<String> there = new TreeSet<>(onRouter);
    there.addAll(onSwap);
    there.remove("embed");
    history.add((there.isEmpty() ? "+ " : "! beside " + there + ": ") + name);
    server.add(model);
  }

  /** As llama-swap does it: a request that names a model loads it. */
  private LocalHeavyTask<String> request(String model) {
    return LocalHeavyTask.builder(
            LocalKind.ORACLE,
            "ask " + model,
            task -> {
              if (!onSwap.contains(model)) {
                loads("swap/" + model, onSwap, model);
              }
              return model;
            })
        .model("swap/" + model)
        .build();
  }

  @Test
  void jobsOnTwoServers_areDrainedByModelWithOneWorkerAtATime() {
    onSwap.add("embed");
    List<String> done = Collections.synchronizedList(new ArrayList<>());
    try (TwoQueueScheduler scheduler = scheduler()) {
      scheduler.pause(TaskClass.LOCAL_HEAVY);
      List<TaskHandle<String>> handles = new ArrayList<>();
      for (int round = 0; round < 3; round++) {
        for (LocalHeavyTask<String> task :
            List.of(load("a"), request("a"), load("b"), request("c"))) {
          handles.add(
              scheduler.submit(
                  task.withBody(
                      body -> {
                        String answer = task.body().orElseThrow().run(body);
                        done.add(task.residencyKey().orElseThrow().model());
                        return answer;
                      })));
        }
      }
      scheduler.resume(TaskClass.LOCAL_HEAVY);
      handles.forEach(TaskHandle::join);
      assertEquals(4, scheduler.snapshot().swaps());
    }
    assertEquals(
        List.of(
            "+ llama/a", "- llama/a", "+ swap/a", "- swap/a", "+ llama/b", "- llama/b", "+ swap/c"),
        history);
    assertEquals(Collections.nCopies(3, "llama/a"), done.subList(0, 3), () -> "drained: " + done);
    assertEquals(12, done.size());
    assertEquals(Set.of("embed", "c"), Set.copyOf(onSwap));
  }

  @Test
  void residentsOfBothServers_countInTheForecast() {
    onRouter.add("a");
    onSwap.addAll(List.of("c", "embed"));
    try (TwoQueueScheduler scheduler = scheduler()) {
      assertEquals("b", scheduler.submit(load("b")).join());
    }
    GateRequest early = looks.get(0);
    assertEquals(GateRequest.Stage.EARLY, early.stage());
    assertEquals(10 + 400, early.reclaimableBytes());
    assertTrue(early.residency().toString().contains("swap/embed"), early::toString);
    assertEquals(20, ((WorkingSet.Known) early.need().orElseThrow()).highBytes());
    GateRequest last = looks.get(looks.size() - 1);
    assertEquals(GateRequest.Stage.FINAL, last.stage());
    assertEquals("swap/embed", last.residency().toString());
    assertEquals(List.of("- llama/a", "- swap/c", "+ llama/b"), history);
  }

  @Test
  void modelThatIsResident_needsNoMemoryAndNoEviction() {
    onRouter.add("a");
    try (TwoQueueScheduler scheduler = scheduler()) {
      scheduler.submit(load("a")).join();
      assertEquals(0, scheduler.snapshot().swaps());
    }
    assertEquals(List.of(), history);
    assertEquals(0, ((WorkingSet.Known) looks.get(0).need().orElseThrow()).highBytes());
  }
}
