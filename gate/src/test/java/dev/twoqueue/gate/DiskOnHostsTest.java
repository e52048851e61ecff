package dev.twoqueue.gate;

import static dev.twoqueue.gate.Requests.holds;
import static dev.twoqueue.gate.Requests.proceeds;
import static dev.twoqueue.gate.Requests.writing;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Disks of recorded hosts: volumes that share their space, drives, shares. */
@NullUnmarked // fields set by JUnit
class DiskOnHostsTest extends OnHosts {
  private static final long GB = 1_000_000_000;

  private DiskGate gate(String state) throws Exception {
    RecordedHost host = host(state);
    return DiskGate.on(host, Map.of(), host.home());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mac-studio-96gb/quiet | /Users/me/.ollama/models | 42 | proceed | 397.2 GB free
          mac-studio-96gb/quiet | /Library/models | 42 | hold | is read-only (/dev/disk3s1s1, apfs)
          mac-studio-96gb/quiet | /Volumes/share/models | 42 | proceed | a network file system (smbfs)
          macbook/on-battery | /Users/me/.ollama/models | 42 | hold | 82.6 GB free ;; 84.0 GB needed
          windows-11/quiet | C:/Users/me/.ollama/models | 42 | proceed | 214.7 GB free
          windows-11/quiet | D:/models | 1 | hold | 21.4 GB free at D:
          windows-11/quiet | Z:/models | 1 | hold | cannot tell: free disk space at Z: ;; no ancestor
          container-cgroup-v2/quiet | /srv/ollama/models | 42 | proceed | 161.0 GB free
          container-cgroup-v2/quiet | /models | 42 | proceed | a network file system (nfs4)
          linux-workstation/loop | /data/models | 42 | proceed | it keeps quotas, which may leave less
          """)
  void holds_by_the_disk_that_is_written(
      String state, String path, long gigabytes, String verdict, String words) throws Exception {
    expect(verdict, words, gate(state), writing(gigabytes * GB, Path.of(path)));
  }

  @Test
  void volumes_of_one_apfs_container_share_what_is_free() throws Exception {
    DiskGate gate = gate("mac-studio-96gb/quiet");
    proceeds(gate.look(writing(150 * GB, Path.of("/Users/me/.ollama/models"))));

    String reason = holds(gate.look(writing(140 * GB, Path.of("/Volumes/Models")))).reason();

    assertTrue(reason.contains("150.0 GB still to come"), reason);
  }

  @Test
  void drives_without_a_label_are_two_drives() throws Exception {
    DiskGate gate = gate("windows-11/quiet");
    proceeds(gate.look(writing(400 * GB, Path.of("E:/models"))));

    String reason = holds(gate.look(writing(1 * GB, Path.of("D:/models")))).reason();

    assertFalse(reason.contains("still to come"), reason);
  }
}
