package dev.twoqueue.gate;

import static dev.twoqueue.gate.Requests.sweep;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The load on recorded hosts: what others use, of what, and what cannot be told. */
@NullUnmarked // fields set by JUnit
class LoadOnHostsTest extends OnHosts {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mac-studio-96gb/quiet | proceed | others use 0.59 cores over the last 2.0 s ;; load average 2.61 ;; limit 9.33 (0.33 on each of 28 cores)
          mac-studio-96gb/foreign-build | hold | others use 24.97 cores ;; we 0.03 ;; lets go below 80 % of that
          macbook/on-battery | proceed | others use 0.20 cores ;; limit 2.67 (0.33 on each of 8 cores)
          windows-11/quiet | proceed | others use 0.43 cores ;; 1-minute load average unknown ;; limit 5.33
          windows-11/foreign-build | hold | others use 12.48 cores ;; 1-minute load average unknown
          windows-11/no-cpu-time | hold | cannot tell: this system tells neither CPU time nor a load average
          container-cgroup-v2/quiet | proceed | others use 0.25 cores ;; limit 4.00 (0.33 on each of 12 cores) ;; of the 2.00 cores that this control group may use others use 0.00, limit 0.67
          container-cgroup-v2/neighbours-busy | hold | others use 4.95 cores ;; limit 4.00 ;; others use 0.00, limit 0.67
          container-cgroup-v2/build-in-the-pod | hold | others use 1.25 cores ;; limit 4.00 ;; may use others use 0.90, limit 0.67
          container-cgroup-v2/own-work-at-the-quota | proceed | others use 0.10 cores ;; (we 2.00 ;; may use others use 0.00
          container-cgroup-v1/quiet | proceed | others use 0.10 cores over the last 2.2 s (we 0.00; 1-minute load average 4.05) ;; may use others use 0.07, limit 0.33
          container-cgroup-v1/neighbours-busy | hold | others use 1.98 cores over the last 2.2 s ;; limit 0.67 (0.33 on each of 2 cores) ;; processor 76 % ;; of the 1.00 cores that this control group may use others use 0.05, limit 0.33
          container-cgroup-v1/loop-in-the-container | hold | others use 2.00 cores over the last 2.5 s ;; of the 1.00 cores that this control group may use others use 0.35, limit 0.33
          linux-workstation/loop | hold | others use 2.00 cores over the last 2.2 s (we 0.00; 1-minute load average 4.12), tasks stalled for disk 0 %, memory 0 %, processor 89 %
          """)
  void holds_by_what_others_use(String state, String verdict, String words) throws Exception {
    expect(verdict, words, LoadGate.standard().withFigures(host(state)), sweep());
  }
}
