package dev.twoqueue.gate;

import static dev.twoqueue.gate.Requests.sweep;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Battery and heat of recorded hosts. */
@NullUnmarked // fields set by JUnit
class PowerOnHostsTest extends OnHosts {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          macbook/on-battery | hold | on battery, 44 % charged, 50 % wanted ;; whether heat slows it down is not told
          macbook/on-battery-half-full | proceed | on battery, 78 % charged
          macbook/at-the-socket | proceed | not on battery
          macbook/battery-untold | proceed | whether on a battery is not told ;; whether heat slows it down is not told
          mac-studio-96gb/quiet | proceed | not on battery ;; whether heat slows it down is not told
          windows-11/quiet | proceed | not on battery ;; whether heat slows it down is not told
          container-cgroup-v2/quiet | proceed | whether on a battery is not told
          """)
  void holds_by_the_battery(String state, String verdict, String words) throws Exception {
    expect(verdict, words, PowerGate.standard().withFigures(host(state)), sweep());
  }
}
