package dev.twoqueue.gate;

import static dev.twoqueue.gate.Requests.holds;
import static dev.twoqueue.gate.Requests.proceeds;
import static dev.twoqueue.gate.Requests.sweep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullUnmarked
class PowerAndQuietTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private final FakeHost host = new FakeHost();
  private final PowerGate power = PowerGate.standard().withFigures(host);

  private void power(Optional<Boolean> battery, OptionalDouble charge, Optional<Boolean> hot) {
    host.power = new PowerState(battery, charge, hot, "a test");
  }

  @Test
  void a_battery_below_half_holds_and_a_socket_does_not() throws Exception {
    power(Optional.of(true), OptionalDouble.of(0.49), Optional.of(false));
    assertTrue(holds(power.look(sweep())).reason().contains("on battery, 49 % charged"));
    power(Optional.of(true), OptionalDouble.of(0.5), Optional.of(false));
    proceeds(power.look(sweep()));
    power(Optional.of(false), OptionalDouble.of(0.01), Optional.of(false));
    proceeds(power.look(sweep()));
    power(Optional.of(true), OptionalDouble.empty(), Optional.of(false));
    assertTrue(holds(power.look(sweep())).reason().contains("charge unknown"));
  }

  @Test
  void heat_holds_and_what_is_not_told_is_said() throws Exception {
    power(Optional.of(false), OptionalDouble.empty(), Optional.of(true));
    assertTrue(holds(power.look(sweep())).reason().contains("heat slows"));
    power(Optional.empty(), OptionalDouble.empty(), Optional.empty());
    assertEquals(
        "whether on a battery is not told; whether heat slows it down is not told",
        proceeds(power.look(sweep())));
  }

  @Test
  void any_battery_can_hold_or_none() throws Exception {
    power(Optional.of(true), OptionalDouble.of(1), Optional.empty());
    holds(PowerGate.leastCharge(1.01).withFigures(host).look(sweep()));
    power(Optional.of(true), OptionalDouble.of(0), Optional.empty());
    proceeds(PowerGate.leastCharge(0).withFigures(host).look(sweep()));
    assertThrows(IllegalArgumentException.class, () -> PowerGate.leastCharge(Double.NaN));
  }

  private static QuietHours at(String from, String to, String instant) {
    return QuietHours.between(LocalTime.parse(from), LocalTime.parse(to))
        .withClock(Clock.fixed(Instant.parse(instant), BERLIN));
  }

  @ParameterizedTest
  @CsvSource({ // 2026-06-01 is at UTC+2 in Berlin
    "22:00, 07:00, 2026-06-01T19:59:59Z, false",
    "22:00, 07:00, 2026-06-01T20:00:00Z, true",
    "22:00, 07:00, 2026-06-02T04:59:59Z, true",
    "22:00, 07:00, 2026-06-02T05:00:00Z, false",
    "12:00, 13:00, 2026-06-01T10:30:00Z, true",
    "12:00, 13:00, 2026-06-01T20:30:00Z, false"
  })
  void is_quiet_from_and_to(String from, String to, String instant, boolean quiet) {
    QuietHours hours = at(from, to, instant);
    if (quiet) {
      holds(hours.look(sweep()));
    } else {
      proceeds(hours.look(sweep()));
    }
  }

  @Test
  void the_hold_ends_by_the_clock_on_the_wall() {
    // The night in which the clock goes from 03:00 back to 02:00: an hour longer.
    String reason = holds(at("22:00", "07:00", "2026-10-24T21:00:00Z").look(sweep())).reason();
    assertTrue(reason.contains("until 2026-10-25T07:00+01:00"), reason);

    assertEquals(
        Duration.ofMinutes(5),
        holds(at("22:00", "07:00", "2026-06-01T20:00:00Z").look(sweep())).lookAgainAfter());
    assertEquals(
        Duration.ofSeconds(90),
        holds(at("22:00", "07:00", "2026-06-02T04:58:30Z").look(sweep())).lookAgainAfter());
  }

  @Test
  void the_last_half_second_is_not_looked_at_in_between() {
    Clock clock = Clock.fixed(Instant.parse("2026-05-13T06:59:59.500Z"), ZoneOffset.UTC);
    QuietHours hours = QuietHours.between(LocalTime.of(22, 0), LocalTime.of(7, 0)).withClock(clock);
    assertEquals(Duration.ofSeconds(1), holds(hours.look(sweep())).lookAgainAfter());
  }

  @Test
  void hours_without_length_are_no_hours() {
    assertThrows(
        IllegalArgumentException.class, () -> QuietHours.between(LocalTime.NOON, LocalTime.NOON));
    assertThrows(NullPointerException.class, () -> QuietHours.between(null, LocalTime.NOON));
  }
}
