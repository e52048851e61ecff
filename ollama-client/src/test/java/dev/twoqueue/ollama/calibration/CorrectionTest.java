package dev.twoqueue.ollama.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.MemoryPart;
import dev.twoqueue.WorkingSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What earlier loads may do to a forecast, and what they may not. */
class CorrectionTest {
  private static final long MIB = 1L << 20;

  private static WorkingSet.Known formula(long weights, long cache, long uncertainty) {
    return new WorkingSet.Known(
        List.of(new MemoryPart("weights", weights), new MemoryPart("KV cache", cache)),
        weights,
        weights + cache + uncertainty,
        List.of(),
        List.of(new WorkingSet.Alternative("q8_0 KV cache", weights, weights + uncertainty)));
  }

  private static Measurement all(long bytes) {
    OptionalLong same = OptionalLong.of(bytes);
    return new Measurement(same, same, same);
  }

  private static Correction after(WorkingSet.Known formula, Measurement... measurements) {
    Correction correction = Correction.NONE;
    for (Measurement measurement : measurements) {
      Optional<Sample> sample = measurement.sample(formula);
      correction = sample.isPresent() ? correction.plus(sample.get()) : correction;
    }
    return correction;
  }

  private static Correction times(int loads, WorkingSet.Known formula, Measurement measurement) {
    return after(formula, Collections.nCopies(loads, measurement).toArray(new Measurement[0]));
  }

  private final WorkingSet.Known formula = formula(4000, 1000, 400);

  @Test
  void without_a_load_the_formula_is_passed_on() {
    assertSame(formula, Correction.NONE.of(formula));
  }

  @Test
  void one_load_above_the_high_figure_raises_it_at_once() {
    WorkingSet.Known corrected = after(formula, all(6000)).of(formula);
    assertEquals(6120, corrected.highBytes());
    assertEquals(5000, corrected.likelyBytes(), "which one load does not move");
    assertTrue(
        corrected.alternatives().get(0).highBytes() > 4400 * 6120L / 5400 - 2,
        "a smaller setting is off by the same factor");
  }

  @Test
  void three_loads_move_what_is_shown_by_a_line_of_its_own() {
    WorkingSet.Known corrected = times(3, formula, all(5200)).of(formula);
    assertEquals(5200, corrected.likelyBytes());
    assertEquals(new MemoryPart("calibration by earlier loads", 200), corrected.parts().get(2));
    assertEquals(5400, corrected.highBytes(), "which covers it already");
  }

  @Test
  void less_than_forecast_is_taken_from_what_is_no_weight() {
    WorkingSet.Known corrected = times(3, formula, all(4500)).of(formula);
    assertEquals(
        List.of(new MemoryPart("weights", 4000), new MemoryPart("KV cache", 500)),
        corrected.parts());
  }

  @Test
  void the_high_figure_comes_down_by_half_the_uncertainty_after_five_loads_two_agree_on() {
    assertEquals(5400, times(4, formula, all(4100)).of(formula).highBytes());
    assertEquals(5200, times(5, formula, all(4100)).of(formula).highBytes());
    assertEquals(
        5385, times(5, formula, all(5129)).of(formula).highBytes(), "5 % above the largest");

    Measurement one =
        new Measurement(OptionalLong.of(4100), OptionalLong.empty(), OptionalLong.empty());
    assertEquals(5400, times(16, formula, one).of(formula).highBytes(), "one account alone");
  }

  @Test
  void accounts_that_cannot_be_true_are_left_out() {
    OptionalLong lying = OptionalLong.of(700); // a server that shows an eighth of it
    OptionalLong true1 = OptionalLong.of(5100);
    OptionalLong others = OptionalLong.of(60_000); // somebody else took it
    assertEquals(
        Optional.of(new Sample(5100 / 5000.0, 1)),
        new Measurement(lying, true1, others).sample(formula));
    assertEquals(
        Optional.empty(), new Measurement(lying, OptionalLong.empty(), others).sample(formula));
  }

  @Test
  void of_two_accounts_the_larger_counts_and_of_three_the_middle_one() {
    OptionalLong empty = OptionalLong.empty();
    assertEquals(
        Optional.of(new Sample(1, 1)),
        new Measurement(OptionalLong.of(4200), OptionalLong.of(5000), empty).sample(formula));
    assertEquals(
        Optional.of(new Sample(1, 2)),
        new Measurement(OptionalLong.of(4900), OptionalLong.of(5000), OptionalLong.of(9000))
            .sample(formula));
  }

  /** Whatever is measured, however often: within physical bounds. */
  @Property(tries = 500)
  void no_reading_moves_a_forecast_out_of_its_bounds(
      @ForAll @LongRange(min = 1, max = 100_000 * MIB) long weights,
      @ForAll @LongRange(min = 0, max = 100_000 * MIB) long cache,
      @ForAll @LongRange(min = 0, max = 100_000 * MIB) long uncertainty,
      @ForAll @Size(max = 40) List<@LongRange(min = -1) Long> readings) {
    WorkingSet.Known before = formula(weights, cache, uncertainty);
    Correction correction = Correction.NONE;
    for (int i = 0; i + 2 < readings.size(); i += 3) {
      Measurement lies =
          new Measurement(
              OptionalLong.of(readings.get(i)),
              OptionalLong.of(readings.get(i + 1)),
              OptionalLong.of(readings.get(i + 2)));
      correction = lies.sample(before).map(correction::plus).orElse(correction);
      WorkingSet.Known after = correction.of(before);
      assertTrue(
          after.highBytes()
              >= before.highBytes() - (before.highBytes() - before.likelyBytes()) / 2);
      assertTrue(after.highBytes() <= before.highBytes() * 2);
      assertTrue(after.likelyBytes() >= weights && after.lowBytes() >= weights);
    }
  }

  /** One lie among true readings, anywhere, however far off: the truth still fits under high. */
  @Property(tries = 500)
  void one_lying_load_never_makes_a_later_forecast_unsafe(
      @ForAll @IntRange(min = 4000, max = 5400) int truth,
      @ForAll @LongRange(min = 0, max = 20_000) long lie,
      @ForAll @IntRange(min = 1, max = 30) int loads,
      @ForAll @IntRange(min = 0, max = 29) int at) {
    Correction correction = Correction.NONE;
    for (int load = 0; load < loads; load++) {
      Sample sample = all(load == at ? lie : truth).sample(formula).orElse(null);
      correction = sample == null ? correction : correction.plus(sample);
      long high = correction.of(formula).highBytes();
      assertTrue(high >= truth, () -> high + " is under " + truth);
    }
  }

  /** A formula that is always too low is mended by the first load, up to twice. */
  @Property(tries = 200)
  void a_formula_that_is_under_is_mended(@ForAll @IntRange(min = 5401, max = 10_000) int truth) {
    assertTrue(after(formula, all(truth)).of(formula).highBytes() >= truth);
  }

  @Test
  void samples_that_were_taken_against_another_formula_stay_within_the_bounds_too() {
    Correction tiny = Correction.NONE;
    Correction huge = Correction.NONE;
    for (int i = 0; i < 5; i++) {
      tiny = tiny.plus(new Sample(0.01, 3));
      huge = huge.plus(new Sample(100, 3));
    }
    assertEquals(4000, tiny.of(formula).likelyBytes(), "no less than the weights");
    assertEquals(4000, tiny.of(formula).lowBytes());
    assertEquals(5200, tiny.of(formula).highBytes(), "by half of the uncertainty");
    assertEquals(10_800, huge.of(formula).highBytes(), "twice the formula's");
  }

  @Test
  void only_the_last_sixteen_loads_count() {
    Correction correction = after(formula, all(9000));
    for (int i = 0; i < Correction.KEPT; i++) {
      correction = correction.plus(new Sample(1, 3));
    }
    assertEquals(Correction.KEPT, correction.samples().size());
    assertTrue(correction.of(formula).highBytes() <= 5400);
  }
}
