package dev.twoqueue.internal.engine.explore;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.internal.engine.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The explorer finds what is broken on purpose, here on the way from the engine to the world. */
class ExplorerFindsTest {
  private static WorldSpec spec() {
    return new WorldSpec("small")
        .local("m1", 1)
        .fleet(1)
        .looks(Answer.PROCEED, Answer.HOLD)
        .leases()
        .mostRefusals(1)
        .upTo(1, Op.CANCEL)
        .budgetSeconds(1, 1);
  }

  private static Explorer.Result explore(UnaryOperator<List<Effect>> wire) {
    WorldSpec spec = spec();
    return new Explorer(spec, () -> new World(spec, wire), 50_000).explore();
  }

  private static UnaryOperator<List<Effect>> without(Class<? extends Effect> lost) {
    return effects -> effects.stream().filter(effect -> !lost.isInstance(effect)).toList();
  }

  private static void assertFound(String invariant, UnaryOperator<List<Effect>> fault) {
    Trace violation = explore(fault).violation();
    assertNotNull(violation, "nothing was found");
    String test = violation.toString();
    assertTrue(test.contains("// " + invariant + ":"), test);
    assertTrue(test.contains("trace.submit("), test);
  }

  @Test
  void nothingIsFoundWhereNothingIsBroken() {
    Explorer.Result result = explore(effects -> effects);
    assertNull(result.violation());
    assertTrue(result.complete());
  }

  @Test
  void aLeaseThatIsNotGivenBack() {
    assertFound("I7", without(Effect.Release.class));
  }

  @Test
  void aCancelThatNobodyIsToldOf() {
    assertFound("I8", without(Effect.Tell.class));
  }

  @Test
  void aQuestionThatIsNeverAsked() {
    assertFound("I6", without(Effect.Look.class));
  }

  @Test
  void anEndThatComesTwice() {
    assertFound("I7", effects -> twice(effects, Effect.Finish.class));
  }

  @Test
  void aStartThatComesTwice() {
    assertFound("I7", effects -> twice(effects, Effect.Start.class));
  }

  private static List<Effect> twice(List<Effect> effects, Class<? extends Effect> type) {
    List<Effect> all = new ArrayList<>();
    for (Effect effect : effects) {
      all.add(effect);
      if (type.isInstance(effect)) {
        all.add(effect);
      }
    }
    return all;
  }
}
