package dev.twoqueue.internal.engine.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Which states are one, and which are not. */
class CanonicalTest {
  private static WorldSpec spec() {
    return new WorldSpec("symmetric")
        .local("m1", 2)
        .local("m2", 2)
        .fleet(2)
        .answers(Ask.OBSERVE, Answer.EMPTY, Answer.M1, Answer.M2)
        .looks(Answer.PROCEED, Answer.HOLD)
        .budgetSeconds(1, 1)
        .upTo(2, Op.CANCEL);
  }

  private static List<Long> state(WorldSpec spec, Consumer<ReplayedTrace> moves) {
    ReplayedTrace trace = ReplayedTrace.in(spec);
    moves.accept(trace);
    return stateOf(trace.world());
  }

  private static List<Long> stateOf(World world) {
    Canonical canonical = new Canonical(world.spec).of(world);
    return List.of(canonical.high(), canonical.low());
  }

  @Test
  void modelsAreRenamed() {
    List<Long> one = state(spec(), trace -> trace.submit(0).answer(0, Answer.M1).submit(1));
    List<Long> other = state(spec(), trace -> trace.submit(1).answer(0, Answer.M2).submit(0));
    List<Long> stale = state(spec(), trace -> trace.submit(0).answer(0, Answer.M2).submit(1));
    assertEquals(one, other);
    assertNotEquals(one, stale, "another model is resident");
  }

  @Test
  void numbersAndTokensAreRenamed() {
    List<Long> once = state(spec(), trace -> trace.submit(2).submit(2).cancel(0).succeed(1));
    List<Long> otherwise =
        state(spec(), trace -> trace.submit(2).submit(2).succeed(0).cancel(1).succeed(1));
    assertNotEquals(once, otherwise, "a body that was told has not ended yet in the first");
    List<Long> first = state(spec(), trace -> trace.submit(2).submit(2).cancel(0).succeed(0));
    List<Long> second = state(spec(), trace -> trace.submit(2).submit(2).cancel(1).succeed(1));
    assertEquals(first, second);
  }

  @Test
  void timesAreRelative() {
    List<Long> now = state(spec(), trace -> trace.submit(0));
    List<Long> later = state(spec(), trace -> trace.pass().pass().submit(0));
    List<Long> waited = state(spec(), trace -> trace.submit(0).pass());
    assertEquals(now, later);
    assertEquals(now, waited, "how long a task has waited decides nothing");
  }

  @Test
  void whatRanOutIsNotWhatStillRuns() {
    List<Long> held =
        state(spec(), trace -> trace.submit(0).answer(0, Answer.EMPTY).answer(0, Answer.HOLD));
    List<Long> back =
        state(
            spec(), trace -> trace.submit(0).answer(0, Answer.EMPTY).answer(0, Answer.HOLD).tick());
    assertNotEquals(held, back);
  }

  /** Every field of the engine that holds a number or a flag makes another state of it. */
  @Test
  void aChangedFieldIsAnotherState() throws IllegalAccessException {
    WorldSpec spec = spec();
    World world = new World(spec);
    for (Move move : List.of(Move.of(Op.SUBMIT, 2), Move.of(Op.SUBMIT, 0), Move.of(Op.SUBMIT, 2))) {
      world.apply(move);
    }
    List<Long> before = stateOf(world);
    List<String> changed = new ArrayList<>();
    for (Object part : parts(world)) {
      for (Layout.Slot slot : Layout.of(part).slots) {
        if (slot.counts(part) && flip(slot, part)) {
          assertNotEquals(before, stateOf(world), "a change of " + slot.field);
          flip(slot, part);
          changed.add(Fields.nameOf(slot.field));
        }
      }
    }
    assertEquals(before, stateOf(world));
    assertTrue(changed.contains("State.localPaused"), changed::toString);
    assertTrue(changed.contains("LocalStart.closed"), changed::toString);
    assertTrue(changed.contains("HouseRule.fleetLimit"), changed::toString);
  }

  /** Changes a flag or a small number, and at the second call changes it back. */
  private static boolean flip(Layout.Slot slot, Object owner) throws IllegalAccessException {
    Field field = slot.field;
    if (Modifier.isFinal(field.getModifiers())) {
      return false;
    }
    if (field.getType() == boolean.class) {
      field.setBoolean(owner, !field.getBoolean(owner));
      return true;
    }
    boolean isPlain = field.getType() == int.class && slot.atMost == Integer.MAX_VALUE;
    if (isPlain && !field.getName().equals("size") && !field.getName().equals("rowLength")) {
      field.setInt(owner, field.getInt(owner) ^ 1);
      return true;
    }
    return false;
  }

  private static Set<Object> parts(World world) throws IllegalAccessException {
    Set<Object> parts = new HashSet<>();
    collect(world.engine, parts);
    return parts;
  }

  private static void collect(Object part, Set<Object> parts) throws IllegalAccessException {
    if (!parts.add(part)) {
      return;
    }
    for (Layout.Slot slot : Layout.of(part).slots) {
      boolean isOurs = Layout.isOurs(slot.field.getType()) && !slot.field.getType().isEnum();
      Object value = isOurs ? slot.field.get(part) : null;
      if (value != null) {
        collect(value, parts);
      }
    }
  }
}
