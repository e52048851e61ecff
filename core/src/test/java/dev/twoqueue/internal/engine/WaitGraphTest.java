package dev.twoqueue.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskDeadlockException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which waits would never end, by whom they are refused and with which chain (I10). */
class WaitGraphTest {
  private final Driver driver = new Driver();

  private static void assertDead(
      @Nullable TaskDeadlockException refused, String why, String... chain) {
    assertNotNull(refused);
    assertEquals(List.of(chain), refused.chain());
    assertTrue(String.valueOf(refused.getMessage()).contains(why), refused::getMessage);
  }

  @Test
  void noTaskWaitsForItself() {
    Job self = driver.local("self");
    String why = "comes back to where it began";
    assertDead(driver.join(self, self), why, "#1 'self'", "#1 'self'");
    assertDead(driver.await(self, self), why, "#1 'self'", "#1 'self'");
  }

  @Test
  void aLocalTaskCannotBlockOnWhatIsQueued() {
    Job local = driver.local("local");
    Job fleet = driver.fleet("fleet");
    Job behind = driver.local("behind");
    assertDead(
        driver.join(local, fleet),
        "#2 'fleet' cannot start while #1 'local' occupies",
        "#1 'local'",
        "#2 'fleet'");
    assertDead(driver.join(local, behind), "cannot start", "#1 'local'", "#3 'behind'");
    assertNull(driver.await(local, behind));
    assertEquals(List.of(behind), driver.started());
  }

  @Test
  void aFleetTaskCannotBlockOnALocalOneButAwaitsIt() {
    Job agent = driver.fleet("agent");
    Job oracle = driver.local("oracle");
    assertDead(
        driver.join(agent, oracle),
        "#2 'oracle' cannot start while #1 'agent' occupies",
        "#1 'agent'",
        "#2 'oracle'");
    assertNull(driver.await(agent, oracle));
    assertEquals(List.of(oracle), driver.started());
  }

  @Test
  void theLastFreePermitIsNotWaitedAway() {
    driver.fleetLimit(2);
    Job first = driver.fleet("first");
    Job second = driver.fleet("second");
    Job third = driver.fleet("third");
    assertNull(driver.join(first, third));
    assertDead(
        driver.join(second, third),
        "all 2 fleet permits are held by tasks that wait for others to start",
        "#2 'second'",
        "#3 'third'");
    driver.end(second);
    assertEquals(List.of(third), driver.started());
    driver.end(third);
    Job fourth = driver.fleet("fourth");
    Job fifth = driver.fleet("fifth");
    assertNull(driver.join(fourth, fifth), "the first one's join is over in fact");
  }

  @Test
  void aChainOfJoinsIsFollowedToItsEnd() {
    Job first = driver.fleet("first");
    Job second = driver.fleet("second");
    Job third = driver.fleet("third");
    Job oracle = driver.local("oracle");
    assertNull(driver.join(first, second));
    assertNull(driver.join(second, third));
    assertDead(driver.join(third, oracle), "cannot start", "#3 'third'", "#4 'oracle'");
    assertDead(
        driver.join(third, first),
        "comes back",
        "#3 'third'",
        "#1 'first'",
        "#2 'second'",
        "#3 'third'");
  }

  @Test
  void whoJoinsTheOneThatAwaitsKeepsItFromItsSlot() {
    Job joiner = driver.fleet("joiner");
    Job awaiting = driver.fleet("awaiting");
    Job oracle = driver.local("oracle");
    assertNull(driver.join(joiner, awaiting));
    assertDead(
        driver.await(awaiting, oracle),
        "#3 'oracle' cannot start while #1 'joiner' occupies",
        "#2 'awaiting'",
        "#3 'oracle'");
    driver.endJoin(joiner);
    assertNull(driver.await(awaiting, oracle));
    assertDead(
        driver.join(joiner, awaiting),
        "cannot start",
        "#1 'joiner'",
        "#2 'awaiting'",
        "#3 'oracle'");
  }

  @Test
  void theOneThatAwaitsNeedsItsOwnSlotBack() {
    Job local = driver.local("local");
    Job fleet = driver.fleet("fleet");
    assertNull(driver.await(local, fleet));
    assertDead(
        driver.join(fleet, local),
        "#1 'local' cannot start while #2 'fleet' occupies",
        "#2 'fleet'",
        "#1 'local'");
    assertDead(driver.await(fleet, local), "comes back", "#2 'fleet'", "#1 'local'", "#2 'fleet'");
  }

  @Test
  void aWaiterWhoseSlotIsKeptByItsJoinerMustNotGiveItUp() {
    driver.fleetLimit(2);
    Job joiner = driver.fleet("joiner");
    Job awaiting = driver.fleet("awaiting");
    driver.changeFleetLimit(1);
    assertNull(driver.join(joiner, awaiting));
    Job queued = driver.fleet("queued");
    assertDead(
        driver.await(awaiting, queued),
        "all 1 fleet permits are held",
        "#2 'awaiting'",
        "#3 'queued'");
  }

  @Test
  void aWaiterOnWhatHasEndedMeanwhileNeedsNobodysSlot() {
    driver.fleetLimit(3);
    Job joiner = driver.fleet("joiner");
    Job middle = driver.fleet("middle");
    Job last = driver.fleet("last");
    assertNull(driver.join(joiner, middle));
    assertNull(driver.join(middle, last));
    driver.end(last);
    Job oracle = driver.local("oracle");
    assertDead(driver.join(joiner, oracle), "cannot start", "#1 'joiner'", "#4 'oracle'");
    driver.endJoin(middle);
    driver.end(middle);
    driver.endJoin(joiner);
    driver.end(joiner);
    assertEquals(List.of(oracle), driver.started());
  }

  @Test
  void aRunningTargetWhoseJoinerOccupiesAwaitsAnotherOneOfItsClass() {
    driver.fleetLimit(2);
    Job joiner = driver.fleet("joiner");
    Job awaiting = driver.fleet("awaiting");
    Job queued = driver.fleet("queued");
    assertNull(driver.join(joiner, awaiting));
    assertNull(driver.await(awaiting, queued), "one permit is enough for both, one by one");
    assertEquals(List.of(queued), driver.started());
    driver.changeFleetLimit(1);
    assertEquals(joiner, driver.only(Effect.FailJoin.class).job());
  }

  @Test
  void waitingForWhatRunsIsAlwaysFine() {
    driver.fleetLimit(2);
    Job first = driver.fleet("first");
    Job second = driver.fleet("second");
    assertNull(driver.join(first, second));
    driver.changeFleetLimit(1);
    assertEquals(List.of(), driver.all(Effect.FailJoin.class));
    driver.end(second);
    assertEquals(List.of(first), driver.view().running(TaskClass.FLEET));
  }

  @Test
  void behindAClosedDoorStartsOnlyWhatARunningTaskJoins() {
    driver.fleetLimit(2);
    Job joiner = driver.fleet("joiner");
    Job other = driver.fleet("other");
    Job unrelated = driver.fleet("unrelated");
    Job needed = driver.fleet("needed");
    Job oracle = driver.local("oracle");
    driver.seconds(30);
    assertNull(driver.join(joiner, needed));
    driver.end(other);
    assertEquals(List.of(needed), driver.started());
    driver.end(needed);
    driver.endJoin(joiner);
    driver.end(joiner);
    assertEquals(List.of(oracle), driver.started());
    driver.end(oracle);
    assertEquals(List.of(unrelated), driver.started());
  }

  @Test
  void behindAClosedDoorTheOneThatIsJoinedGetsItsSlotBack() {
    driver.fleetLimit(2);
    Job joiner = driver.fleet("joiner");
    Job awaiting = driver.fleet("awaiting");
    Job inner = driver.fleet("inner");
    Job oracle = driver.local("oracle");
    assertNull(driver.join(joiner, awaiting));
    assertNull(driver.await(awaiting, inner));
    assertEquals(List.of(inner), driver.started());
    driver.seconds(30);
    assertEquals(List.of(), driver.view().running(TaskClass.LOCAL_HEAVY));
    driver.end(inner);
    assertEquals(List.of(awaiting), driver.resumed());
    driver.end(awaiting);
    driver.end(joiner);
    assertEquals(List.of(oracle), driver.started());
  }

  @Test
  void whoAwaitsWhatRunsMustStillGetItsSlotBack() {
    driver.fleetLimit(3);
    Job joiner = driver.fleet("joiner");
    Job awaiting = driver.fleet("awaiting");
    Job running = driver.fleet("running");
    driver.changeFleetLimit(1);
    assertNull(driver.join(joiner, awaiting));
    assertDead(
        driver.await(awaiting, running),
        "all 1 fleet permits are held",
        "#2 'awaiting'",
        "#3 'running'");
  }

  @Test
  void aChainThatReachesWhatHasEndedEndsThere() {
    driver.fleetLimit(3);
    Job joiner = driver.fleet("joiner");
    Job middle = driver.fleet("middle");
    Job last = driver.fleet("last");
    assertNull(driver.join(middle, last));
    driver.end(last);
    driver.changeFleetLimit(1);
    assertNull(driver.join(joiner, middle), "the middle one goes on at once");
  }
}
