package dev.twoqueue.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is concluded from figures, and from arguments. */
class ConclusionsTest {

  @Test
  void aRatioIsTakenWithinARound() {
    Figures figures = new Figures();
    figures.add("ours", 10, 1);
    figures.add("base", 20, 1);
    figures.add("ours", 300, 1);
    figures.add("base", 200, 1);
    figures.add("ours", 1, 1);
    figures.add("base", 1, 1);
    assertEquals(1.0, figures.ratio("ours", "base"));
    assertEquals(10.0, figures.score("ours"));
  }

  @Test
  void aTargetIsMissedByWhatLiesBeyondItsBoundAndByWhatIsNoNumber() {
    assertTrue(Target.atLeast(0.9, "x", 0.9).met());
    assertFalse(Target.atLeast(0.9, "x", 0.89).met());
    assertTrue(Target.atMost(2, "x", 2).met());
    assertFalse(Target.atMost(2, "x", 2.01).met());
    assertFalse(Target.atMost(2, "x", Double.NaN).met());
    assertFalse(Target.atLeast(2, "x", Double.NaN).met());
  }

  @Test
  void argumentsNameStudiesAndEffort() {
    assertEquals(new Plan(Plan.Effort.QUICK, List.of("fleet")), Plan.of("--quick", "fleet"));
    assertTrue(Plan.of().includes("held"));
    assertFalse(Plan.of("fleet").includes("held"));
    assertThrows(IllegalArgumentException.class, () -> Plan.of("--fast"));
  }

  @Test
  void growth_isBesideThatOfMemoryAlone() {
    double[] own = {100, 120, 450, 990};
    assertEquals(9.9, ChoiceStudy.growth(own, new double[] {1, 1, 1, 1}), 1e-9);
    assertEquals(1.5, ChoiceStudy.growth(own, new double[] {10, 20, 30, 70}), 1e-9);
    assertEquals(1, ChoiceStudy.growth(own, new double[] {1, 10, 10, 100}), 1e-9);
  }
}
