package dev.twoqueue.gate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models of some GiB on recorded hosts. */
@NullUnmarked // fields set by JUnit
class MemoryOnHostsTest extends OnHosts {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mac-studio-96gb/quiet | 60 | proceed | 60.00 GiB needed, 66.00 GiB free
          mac-studio-96gb/quiet | 68 | hold | does not fit now: 68.00 GiB needed, 66.00 GiB free
          mac-studio-96gb/quiet | 71 | refuse | can never fit ;; 72.00 GiB in total
          mac-studio-96gb/metal-limit-set | 71 | proceed | 71.00 GiB needed, 74.88 GiB free
          mac-studio-96gb/pressure-warn | 4 | hold | the system says that memory is short (warning), with 6.77 GiB free
          macbook/on-battery | 2 | proceed | GiB free
          windows-11/quiet | 2 | proceed | 5.81 GiB free
          windows-11/commit-limit-near | 40 | hold | does not fit now: 40.00 GiB needed, 2.00 GiB free
          windows-11/commit-limit-near | 0.2 | hold | over by 0.72 GiB
          container-cgroup-v2/quiet | 8 | proceed | 8.00 GiB needed, 12.44 GiB free
          container-cgroup-v2/quiet | 13 | hold | 13.00 GiB needed, 12.44 GiB free
          container-cgroup-v2/quiet | 16 | refuse | can never fit ;; 16.00 GiB in total
          container-cgroup-v1/neighbours-busy | 0.1 | proceed | 1.50 GiB free
          container-cgroup-v1/neighbours-busy | 2 | refuse | can never fit ;; 1.50 GiB in total
          linux-workstation/loop | 2 | proceed | GiB free
          """)
  void says_what_fits(String state, double gibibytes, String verdict, String words)
      throws Exception {
    expect(verdict, words, MemoryGate.of(HostMemory.of(host(state))), loading(gibibytes));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mac-studio-96gb/quiet | Metal's working set (not set, so the default that was measured for this size): 72.00 GiB, 66.00 GiB left ;; all wired memory counts as the GPU's
          mac-studio-96gb/metal-limit-set | Metal's working set (set by sysctl iogpu.wired_limit_mb): 89.84 GiB, 83.84 GiB left
          mac-studio-96gb/pressure-warn | the system says that memory is short (pressure level WARNING)
          macbook/on-battery | memory pressure is not told: no kern.memorystatus_vm_pressure_level
          windows-11/commit-limit-near | the commit limit: 134.00 GiB, 2.00 GiB left ;; memory pressure is not told by this system
          container-cgroup-v2/quiet | the control group /sys/fs/cgroup/kubepods.slice/pod1.slice: 16.00 GiB, 12.44 GiB left
          container-cgroup-v1/neighbours-busy | a control group above /sys/fs/cgroup/memory, of which it is not told what others use: 1.50 GiB, 1.50 GiB left
          """)
  void says_what_limits_and_what_is_not_told(String state, String words) throws Exception {
    String notes = String.join("\n", HostMemory.of(host(state)).budget().notes());
    for (String part : words.split(";;", -1)) {
      assertTrue(notes.contains(part.strip()), notes);
    }
  }
}
