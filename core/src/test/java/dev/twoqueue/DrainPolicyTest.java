package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A host's own choice among models: what it is shown, and what it cannot break. */
class DrainPolicyTest {
  private final ManualTime time = new ManualTime();
  private final FakeModelServer server = new FakeModelServer();
  private final List<String> ran = new ArrayList<>();

  @Test
  void theOrderOfSubmissionIsKept() {
    assertEquals("B1 A1 B2 A2 -1 B3", ran("B1 A1 B2 A2 -1 B3", DrainPolicy.SUBMISSION_ORDER));
  }

  @Test
  void theTasksOfOneModelKeepTheirOrderWhateverThePolicy() {
    DrainPolicy longest =
        waiting -> waiting.stream().max(Comparator.comparingInt(WaitingModel::tasks)).orElseThrow();
    String order = ran("B1 A1 B2 A2 B3 B4", longest);
    assertTrue(order.startsWith("B1 B2 "), order + " goes on with B while more wait for it");
    assertEquals("A1 A2", only('A', order));
    assertEquals("B1 B2 B3 B4", only('B', order));
  }

  private static String only(char model, String order) {
    List<String> kept = new ArrayList<>(List.of(order.split(" ")));
    kept.removeIf(name -> name.charAt(0) != model);
    return String.join(" ", kept);
  }

  @Test
  void theDefaultAsAPolicyDoesWhatTheDefaultDoes() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      String names = randomNames(random);
      DrainPolicy slow = waiting -> DrainPolicy.DEFAULT.choose(waiting);
      assertNotSame(DrainPolicy.DEFAULT, slow);
      int cap = random.nextInt(4) + 1;
      assertEquals(ran(names, DrainPolicy.DEFAULT, cap), ran(names, slow, cap), names);
    }
  }

  private static String randomNames(Random random) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      names.add("ABC-".charAt(random.nextInt(4)) + "" + i);
    }
    return String.join(" ", names);
  }

  @Test
  void whatItIsShownIsWhatWaits() {
    List<List<WaitingModel>> shown = new ArrayList<>();
    TwoQueueScheduler scheduler =
        time.scheduler()
            .residencyProbe(server.holding("A"))
            .drainPolicy(
                waiting -> {
                  shown.add(List.copyOf(waiting));
                  return DrainPolicy.DEFAULT.choose(waiting);
                })
            .build();
    scheduler.pause(TaskClass.LOCAL_HEAVY);
    submit(scheduler, "A1");
    time.seconds(2);
    submit(scheduler, "A2 B3 -4");
    time.seconds(1);
    scheduler.resume(TaskClass.LOCAL_HEAVY);
    time.run();
    Duration three = Duration.ofSeconds(3);
    Duration one = Duration.ofSeconds(1);
    assertEquals(
        List.of(
            new WaitingModel(key("A"), true, 2, 1, three, 0),
            new WaitingModel(key("B"), false, 1, 3, one, 0),
            new WaitingModel(Optional.empty(), false, 1, 4, one, 0)),
        sorted(shown.get(0)));
    assertEquals(
        List.of(
            new WaitingModel(key("A"), true, 1, 2, one, 1),
            new WaitingModel(key("B"), false, 1, 3, one, 0),
            new WaitingModel(Optional.empty(), false, 1, 4, one, 0)),
        sorted(shown.get(1)));
    assertEquals(List.of("A1", "A2", "B3", "-4"), ran);
  }

  private static Optional<ResidencyKey> key(String model) {
    return Optional.of(ResidencyKey.of(model));
  }

  private static List<WaitingModel> sorted(List<WaitingModel> waiting) {
    return waiting.stream().sorted(Comparator.comparingLong(WaitingModel::oldest)).toList();
  }

  @Test
  @SuppressWarnings("NullAway") // a policy of a host may return null whatever it promised
  void aPolicyThatThrowsOrLiesIsReplacedByTheDefault() {
    String names = "B1 A1 B2 A2";
    assertEquals("B1 B2 A1 A2", ran(names, waiting -> null));
    assertEquals(
        "B1 B2 A1 A2",
        ran(
            names,
            waiting -> {
              throw new IllegalStateException("no idea");
            }));
    WaitingModel invented = new WaitingModel(key("Z"), true, 9, 99, Duration.ZERO, 0);
    assertEquals("B1 B2 A1 A2", ran(names, waiting -> invented));
  }

  @Test
  void aCappedModelIsNotOfferedWhileAnotherWaits() {
    DrainPolicy stay =
        waiting ->
            waiting.stream().filter(WaitingModel::resident).findFirst().orElse(waiting.get(0));
    assertEquals("A1 A2 B4 A3", ran("A1 A2 A3 B4", stay, 2));
  }

  @Test
  void nullIsRefusedAtBuildTime() {
    assertThrows(NullPointerException.class, this::withoutPolicy);
  }

  @SuppressWarnings("NullAway") // that is the test
  private void withoutPolicy() {
    TwoQueueScheduler.builder().drainPolicy(null);
  }

  private String ran(String names, DrainPolicy policy) {
    return ran(names, policy, Integer.MAX_VALUE);
  }

  private String ran(String names, DrainPolicy policy, int cap) {
    ran.clear();
    server.holding();
    TwoQueueScheduler scheduler =
        time.scheduler()
            .residencyProbe(server)
            .drainPolicy(policy)
            .consecutiveStartsCap(cap)
            .build();
    scheduler.pause(TaskClass.LOCAL_HEAVY);
    submit(scheduler, names);
    scheduler.resume(TaskClass.LOCAL_HEAVY);
    time.run();
    return String.join(" ", ran);
  }

  private void submit(TwoQueueScheduler scheduler, String names) {
    for (String name : List.of(names.split(" "))) {
      TaskBody<String> body =
          task -> {
            if (name.charAt(0) != '-') {
              server.load(ResidencyKey.of(name.substring(0, 1)));
            }
            ran.add(name);
            return name;
          };
      scheduler.submit(
          name.charAt(0) == '-'
              ? Tasks.local(name, body)
              : Tasks.oracle(name, name.substring(0, 1), body));
    }
  }
}
