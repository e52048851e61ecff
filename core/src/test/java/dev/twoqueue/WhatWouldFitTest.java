package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** What a refusal or hold ends with: each suggestion fits by the same arithmetic. */
class WhatWouldFitTest {
  private static final long GIB = 1L << 30;

  private static WorkingSet.Known need(long high, WorkingSet.Alternative... alternatives) {
    return new WorkingSet.Known(
        List.of(new MemoryPart("weights", high)), high, high, List.of(), List.of(alternatives));
  }

  private static MemoryBudget budget(long total, long free) {
    return new MemoryBudget(
        total, free, 0, List.of(new MemoryPart("spikes", 2 * GIB)), "a made-up machine");
  }

  private static WorkingSet.Alternative other(String change, long high) {
    return new WorkingSet.Alternative(change, high, high);
  }

  @Test
  void onlyAlternativesThatFitAreSuggested() {
    MemoryForecast over =
        new MemoryForecast(
            need(
                80 * GIB,
                other("num_ctx 65536 instead of 131072", 71 * GIB),
                other("num_ctx 8192 instead of 131072", 60 * GIB)),
            budget(72 * GIB, 70 * GIB));

    assertFalse(over.fitsAlone());
    assertEquals(
        List.of("with num_ctx 8192 instead of 131072: 60.00 GiB needed, headroom 8.00 GiB"),
        over.wouldFit());
    assertTrue(over.describe().endsWith("headroom 8.00 GiB"), over.describe());
  }

  @Test
  void anAlternativeThatFitsOnlyAloneSaysSo() {
    MemoryForecast over =
        new MemoryForecast(
            need(80 * GIB, other("q8_0 KV cache", 60 * GIB)), budget(72 * GIB, 10 * GIB));

    assertEquals(
        List.of("with q8_0 KV cache, once less is in use: 60.00 GiB needed, headroom 10.00 GiB"),
        over.wouldFit());
  }

  @Test
  void whatNothingHelpsSaysHowMuchWouldFit() {
    assertEquals(
        List.of("a need of at most 70.00 GiB: a smaller model, context or quantisation"),
        new MemoryForecast(need(80 * GIB), budget(72 * GIB, 72 * GIB)).wouldFit());
  }

  @Test
  void theResidentThatIsEnoughIsNamed() {
    MemoryBudget residents =
        budget(72 * GIB, 20 * GIB)
            .withResidents(
                List.of(),
                List.of(
                    new MemoryPart("nomic-embed-text", GIB),
                    new MemoryPart("qwen2.5:72b", 45 * GIB)));

    assertEquals(
        List.of("after unloading qwen2.5:72b (45.00 GiB): headroom 23.00 GiB"),
        new MemoryForecast(need(40 * GIB), residents).wouldFit());
    assertEquals(
        List.of("after unloading nomic-embed-text and qwen2.5:72b (46.00 GiB): headroom 0.00 GiB"),
        new MemoryForecast(need(64 * GIB), residents).wouldFit());
  }

  @Test
  void theEndOfWhatOthersTakeIsEnoughWhereItIs() {
    MemoryBudget pulling =
        budget(72 * GIB, 45 * GIB)
            .withClaimed(List.of(new MemoryPart("what is not yet written to disk", 6 * GIB)));

    MemoryForecast held = new MemoryForecast(need(40 * GIB), pulling);
    assertEquals(-3 * GIB, held.headroomBytes());
    assertEquals(List.of("once what is not yet written to disk needs no more"), held.wouldFit());
    assertTrue(held.fitsAlone(), "what others take for a while refuses nothing");
    assertTrue(held.describe().contains("still taken by others"), held.describe());
  }

  @Property(tries = 500)
  void whatFitsNeedsNothingAndWhatDoesNotIsAlwaysTold(
      @ForAll @LongRange(min = 0) long total,
      @ForAll @LongRange(min = 0) long free,
      @ForAll @LongRange(min = 0) long high,
      @ForAll @LongRange(min = 0) long other,
      @ForAll @LongRange(min = 0) long resident) {
    MemoryBudget budget =
        budget(total, free)
            .withResidents(List.of(), List.of(new MemoryPart("a model", resident)))
            .withClaimed(List.of(new MemoryPart("others", resident)));
    MemoryForecast forecast = new MemoryForecast(need(high, other("a change", other)), budget);

    assertEquals(forecast.fits(), forecast.wouldFit().isEmpty());
    if (forecast.wouldFit().stream().anyMatch(line -> line.startsWith("with a change:"))) {
      assertTrue(new MemoryForecast(need(other), budget).fits());
    }
    if (forecast.wouldFit().stream().anyMatch(line -> line.startsWith("after unloading"))) {
      MemoryBudget freed =
          new MemoryBudget(total, MemoryBudget.plus(free, resident), 0, budget.reserved(), "freed")
              .withClaimed(budget.claimed());
      assertTrue(new MemoryForecast(need(high), freed).fits());
    }
  }
}
