package dev.twoqueue.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.TaskClass;
import org.junit.jupiter.api.Test;

/** The rule alone: what keeps I1 to I3 even if everything around it decides wrongly. */
class HouseRuleTest {
  private final HouseRule rule = new HouseRule(2);

  @Test
  void nothingEntersBesideALocalHeavyTask() {
    Job local = job(1, TaskClass.LOCAL_HEAVY);
    rule.enter(local);
    assertForbidden(TaskClass.LOCAL_HEAVY);
    assertForbidden(TaskClass.FLEET);
    rule.leave(local);
    assertTrue(rule.mayEnter(TaskClass.LOCAL_HEAVY));
    assertTrue(rule.mayEnter(TaskClass.FLEET));
  }

  @Test
  void noLocalHeavyTaskEntersBesideTheFleet() {
    Job fleet = job(1, TaskClass.FLEET);
    rule.enter(fleet);
    assertForbidden(TaskClass.LOCAL_HEAVY);
    assertTrue(rule.mayEnter(TaskClass.FLEET));
    rule.leave(fleet);
    assertTrue(rule.mayEnter(TaskClass.LOCAL_HEAVY));
  }

  @Test
  void theFleetIsBounded() {
    rule.enter(job(1, TaskClass.FLEET));
    rule.enter(job(2, TaskClass.FLEET));
    assertForbidden(TaskClass.FLEET);
    rule.fleetLimit(3);
    assertTrue(rule.mayEnter(TaskClass.FLEET));
    rule.fleetLimit(1);
    assertForbidden(TaskClass.FLEET);
    assertEquals(2, rule.fleet().size(), "a lower limit throws nobody out");
  }

  @Test
  void onlyWhoOccupiesCanLeave() {
    assertThrows(IllegalStateException.class, () -> rule.leave(job(1, TaskClass.LOCAL_HEAVY)));
    rule.enter(job(2, TaskClass.FLEET));
    IllegalStateException wrong =
        assertThrows(IllegalStateException.class, () -> rule.leave(job(3, TaskClass.FLEET)));
    assertEquals(
        "#3 'job 3' does not occupy, only local null, 1 of 2 fleet tasks", wrong.getMessage());
  }

  private void assertForbidden(TaskClass taskClass) {
    assertFalse(rule.mayEnter(taskClass));
    assertThrows(IllegalStateException.class, () -> rule.enter(job(99, taskClass)));
  }

  private static Job job(long id, TaskClass taskClass) {
    return new Job(id, taskClass, null, "job " + id, null, null);
  }
}
