package dev.twoqueue.gate;

import static dev.twoqueue.gate.Requests.sweep;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes of recorded hosts, and those that hide what they do. */
@NullUnmarked // fields set by JUnit
class ProcessesOnHostsTest extends OnHosts {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mac-studio-96gb/quiet | proceed | none of 8 processes is in the way
          mac-studio-96gb/foreign-build | proceed | none of 10 processes is in the way
          mac-studio-96gb/other-user-pull | hold | ollama pull runs: pid 5200, since ;; /opt/homebrew/bin/ollama pull llama3.3:70b ;; 1 do not show their command line
          windows-11/quiet | proceed | none of 6 processes is in the way ;; 3 do not show
          windows-11/hidden-command-lines | hold | ollama pull runs: pid 7710 ;; its arguments are hidden, so it may be something else ;; 5 do not show
          container-cgroup-v2/build-in-the-pod | proceed | none of 3 processes is in the way
          container-cgroup-v1/neighbours-busy | proceed | none of 2 processes is in the way
          """)
  void holds_by_what_is_in_the_way(String state, String verdict, String words) throws Exception {
    expect(verdict, words, ProcessGate.standard().withFigures(host(state)), sweep());
  }
}
