package dev.twoqueue.gate;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Verdict;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole pre-flight, composed as a host composes it, on every recorded state. */
@NullUnmarked // fields set by JUnit
class PreflightOnHostsTest extends OnHosts {

  static List<String> states() throws IOException {
    return RecordedFiles.states();
  }

  @ParameterizedTest
  @MethodSource("states")
  void looks_at_everything_and_says_so(String state) throws Exception {
    Verdict verdict = host(state).gates().build().look(loading(1));

    String text = Answer.text(verdict);
    assertFalse(text.contains("failed") || text.contains("Exception"), text);
    if (verdict instanceof Verdict.Proceed) {
      for (String part : List.of("load: ", "processes: ", "disk: ", "memory: ", "power: ")) {
        assertTrue(text.contains(part), text);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mac-studio-96gb/quiet | 60 | proceed | load: others use 0.59 ;; processes: none ;; disk: 397.2 GB ;; memory: fits: 60.00 GiB ;; power: not on battery
          mac-studio-96gb/foreign-build | 60 | hold | load: others use 24.97
          mac-studio-96gb/other-user-pull | 60 | hold | processes: ollama pull runs
          mac-studio-96gb/pressure-warn | 4 | hold | memory: the system says that memory is short
          mac-studio-96gb/quiet | 71 | refuse | memory: can never fit
          mac-studio-96gb/metal-limit-set | 71 | proceed | memory: fits: 71.00 GiB
          macbook/on-battery | 1 | hold | power: on battery, 44 %
          macbook/on-battery-half-full | 1 | proceed | power: on battery, 78 %
          windows-11/quiet | 1 | proceed | load: others use 0.43 ;; memory: fits
          windows-11/no-cpu-time | 1 | hold | load: cannot tell
          windows-11/commit-limit-near | 40 | hold | memory: does not fit now
          windows-11/hidden-command-lines | 1 | hold | processes: ollama pull runs: pid 7710
          container-cgroup-v2/quiet | 8 | proceed | of the 2.00 cores ;; memory: fits: 8.00 GiB needed, 12.44 GiB free
          container-cgroup-v2/build-in-the-pod | 8 | hold | load: others use 1.25
          container-cgroup-v1/quiet | 0.1 | proceed | of the 1.00 cores that this control group may use ;; memory: fits: 0.10 GiB needed, 1.50 GiB free
          container-cgroup-v1/loop-in-the-container | 0.1 | hold | of the 1.00 cores that this control group may use others use
          linux-workstation/loop | 1 | hold | load: others use
          """)
  void says_what_is_wrong(String state, double gibibytes, String verdict, String words)
      throws Exception {
    expect(verdict, words, host(state).gates().build(), loading(gibibytes));
  }
}
