package dev.twoqueue.gate;

import static dev.twoqueue.gate.Requests.holds;
import static dev.twoqueue.gate.Requests.proceeds;
import static dev.twoqueue.gate.Requests.sweep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.GateRequest;
import dev.twoqueue.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a gate that holds is asked again, and how old its hold is said to be. */
class HoldPaceTest {
  private static final Verdict BUSY = Verdict.hold("busy", Duration.ofMinutes(1));

  private final HoldPace pace = new HoldPace(HoldPace.SOONEST, Duration.ofSeconds(30));
  private final GateRequest request = sweep();

  private Verdict at(Verdict verdict, double seconds) {
    return pace.apply(request, verdict, Math.round(seconds * 1e9));
  }

  @Test
  void looks_back_off_within_their_bounds() {
    assertEquals(HoldPace.SOONEST, holds(at(BUSY, 0)).lookAgainAfter());
    assertEquals(HoldPace.SOONEST, holds(at(BUSY, 2)).lookAgainAfter());
    assertEquals(Duration.ofSeconds(2), holds(at(BUSY, 8)).lookAgainAfter());
    assertEquals(Duration.ofSeconds(30), holds(at(BUSY, 170)).lookAgainAfter());
  }

  @Test
  void a_hold_of_one_task_that_has_ended_begins_anew() {
    at(BUSY, 0);
    assertTrue(holds(at(BUSY, 10)).reason().endsWith("held for 10.0 s"));
    proceeds(at(Verdict.proceed("idle"), 11));

    Verdict.Hold again = holds(at(BUSY, 12));

    assertFalse(again.reason().contains("held for"), again.reason());
    assertEquals(HoldPace.SOONEST, again.lookAgainAfter());
  }
}
