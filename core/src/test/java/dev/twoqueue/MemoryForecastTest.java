package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Need against memory, and the text that people read when it does not fit. */
class MemoryForecastTest {
  private static final long GIB = 1L << 30;

  private static MemoryForecast forecast(long weights, long high, long free, long reclaimable) {
    return new MemoryForecast(
        new WorkingSet.Known(
            List.of(new MemoryPart("weights", weights), new MemoryPart("KV cache", 2 * GIB)),
            weights,
            high,
            List.of("num_ctx 4096 is the server's default")),
        new MemoryBudget(
            96 * GIB,
            free,
            reclaimable,
            List.of(new MemoryPart("operating system", 4 * GIB)),
            "a test"));
  }

  @Test
  void theTextIsABudgetByPartInGibibytes() {
    String text = forecast(40 * GIB, 43 * GIB, 30 * GIB, 5 * GIB).describe();
    assertEquals(
        List.of(
            "needed 43.00 GiB",
            "weights 40.00 GiB",
            "KV cache 2.00 GiB",
            "uncertainty 1.00 GiB",
            "free 30.00 GiB",
            "given back by evictions 5.00 GiB",
            "resident models 5.00 GiB",
            "reserved 4.00 GiB",
            "operating system 4.00 GiB",
            "total 96.00 GiB",
            "over by 12.00 GiB",
            "figures: a test",
            "assumed: num_ctx 4096 is the server's default",
            "would fit: once other programs give 12.00 GiB back"),
        text.lines().map(line -> line.strip().replaceAll(" +", " ")).toList());
    assertFalse(text.endsWith("\n"));
  }

  @Test
  void aTaskThatFitsShowsTheHeadroomAfterIt() {
    MemoryForecast fits = forecast(40 * GIB, 42 * GIB, 80 * GIB, 0);
    assertTrue(fits.fits());
    assertEquals(34 * GIB, fits.headroomBytes());
    assertTrue(
        fits.describe().contains("headroom after                34.00 GiB"), fits.describe());
    assertFalse(fits.describe().contains("evictions"), "nothing is given back");
    assertFalse(fits.describe().contains("uncertainty"), "there is none");
  }

  @Test
  void theHighFigureDecidesAndWhatIsGivenBackCounts() {
    assertFalse(forecast(40 * GIB, 47 * GIB, 50 * GIB, 0).fits(), "50 − 4 < 47");
    assertTrue(forecast(40 * GIB, 46 * GIB, 50 * GIB, 0).fits());
    assertTrue(forecast(40 * GIB, 47 * GIB, 40 * GIB, 11 * GIB).fits());
    assertEquals(
        54 * GIB - 4 * GIB,
        forecast(40 * GIB, 42 * GIB, 90 * GIB, 90 * GIB).headroomBytes(),
        "never more than the machine has");
  }

  @Test
  void whatFitsAloneIsWorthWaitingFor() {
    assertTrue(forecast(40 * GIB, 42 * GIB, 1 * GIB, 0).fitsAlone());
    assertFalse(forecast(91 * GIB, 93 * GIB, 1 * GIB, 0).fitsAlone());
  }

  @Test
  void absurdFiguresDoNotOverflowIntoAFit() {
    MemoryForecast absurd = forecast(1, Long.MAX_VALUE, 1, 0);
    assertFalse(absurd.fits());
    assertFalse(absurd.fitsAlone());
    assertTrue(absurd.describe().contains("over by"), absurd.describe());
  }

  @Test
  void aRefusalForMemorySaysAllOfItInTheException() {
    MemoryForecast over = forecast(91 * GIB, 93 * GIB, 80 * GIB, 0);
    TaskRefusedException refused =
        new TaskRefusedException("load 70B", "it does not fit", Optional.of(over));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(over.describe()), message);
    assertTrue(message.contains("'load 70B'") && message.contains("it does not fit"), message);
    assertTrue(message.contains("over by                       17.00 GiB"), message);
    assertTrue(refused.whatToDo().contains("smaller model"), refused.whatToDo());
    assertEquals("it does not fit", refused.reason());
  }

  @Test
  void aRefusalForAnotherReasonDoesNotTalkOfMemory() {
    TaskRefusedException refused =
        new TaskRefusedException(
            "load", "no such model", Optional.of(forecast(1, 3 * GIB, 80 * GIB, 0)));
    assertFalse(String.valueOf(refused.getMessage()).contains("GiB"));
    assertTrue(refused.forecast().isPresent());
  }
}
