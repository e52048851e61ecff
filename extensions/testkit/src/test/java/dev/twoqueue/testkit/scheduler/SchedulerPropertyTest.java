package dev.twoqueue.testkit.scheduler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * The real scheduler under random sequences of everything that a host, its plug-ins and its tasks
 * can do, in virtual time: 2,500 of them, or as many as {@code -Djqwik.tries.default=…} says. jqwik
 * prints the seed and shrinks what fails.
 */
class SchedulerPropertyTest {
  private static Path inputs;

  @BeforeContainer
  static void nameTheLog() throws IOException {
    inputs = Files.createTempFile("inputs", ".log");
  }

  @AfterContainer
  static void deleteTheLog() throws IOException {
    Files.deleteIfExists(inputs);
  }

  @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.FULL)
  void everyInvariantHoldsAfterEveryStep(
      @ForAll("sequences") List<Step> steps,
      @ForAll("configs") int config,
      @ForAll("seeds") long seed) {
    World world = new World(config, seed, inputs);
    steps.forEach(world::step);
    world.windUp();
  }

  @Provide
  Arbitrary<List<Step>> sequences() {
    Arbitrary<Step.Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(1, Step.Kind.NOTHING),
            Tuple.of(20, Step.Kind.SUBMIT_LOCAL),
            Tuple.of(20, Step.Kind.SUBMIT_FLEET),
            Tuple.of(40, Step.Kind.END_BODY),
            Tuple.of(8, Step.Kind.CANCEL),
            Tuple.of(20, Step.Kind.ADVANCE),
            Tuple.of(8, Step.Kind.GATE_MODE),
            Tuple.of(8, Step.Kind.RESIDENT),
            Tuple.of(2, Step.Kind.EVICTOR_MODE),
            Tuple.of(2, Step.Kind.PREDICTOR_MODE),
            Tuple.of(10, Step.Kind.AWAIT),
            Tuple.of(2, Step.Kind.PAUSE),
            Tuple.of(4, Step.Kind.RESUME),
            Tuple.of(2, Step.Kind.FLEET_LIMIT),
            Tuple.of(2, Step.Kind.DELAY_WORK),
            Tuple.of(3, Step.Kind.LATE_WORK),
            Tuple.of(3, Step.Kind.PERMIT_MODE),
            Tuple.of(6, Step.Kind.GRANT),
            Tuple.of(1, Step.Kind.LISTENER_MODE),
            Tuple.of(1, Step.Kind.CLOCK_MODE),
            Tuple.of(2, Step.Kind.PREVIEW),
            Tuple.of(1, Step.Kind.SHUTDOWN));
    return Combinators.combine(
            kinds, Arbitraries.integers().between(0, 63), Arbitraries.integers().between(0, 63))
        .as(Step::new)
        .list()
        .ofSize(50);
  }

  @Provide
  Arbitrary<Integer> configs() {
    return Arbitraries.integers().between(0, 127);
  }

  @Provide
  Arbitrary<Long> seeds() {
    return Arbitraries.longs();
  }
}
