package dev.twoqueue.gate;

import static dev.twoqueue.gate.Requests.holds;
import static dev.twoqueue.gate.Requests.proceeds;
import static dev.twoqueue.gate.Requests.sweep;
import static dev.twoqueue.gate.Requests.writing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.GateRequest;
import dev.twoqueue.Verdict;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** File systems that are more, or less, than some free bytes; and where the models are. */
@NullUnmarked
class DiskStatesTest {
  private static final long GB = 1_000_000_000;
  private static final Path HERE = Path.of("/data/models");

  private final FakeHost host = new FakeHost();
  private final Map<Path, DiskState> disks = host.disks;
  private final DiskGate gate = DiskGate.on(host, Map.of(), "/home/me").withDefaultPath(HERE);

  private static DiskState state(boolean exists, long gigabytes, String name, String type) {
    return new DiskState(exists, OptionalLong.of(gigabytes * GB), name, type, false, false);
  }

  @Test
  void a_read_only_file_system_holds_however_much_is_free() throws Exception {
    disks.put(
        HERE, new DiskState(true, OptionalLong.of(900 * GB), "/dev/sdb1", "ext4", true, false));

    Verdict.Hold hold = holds(gate.look(sweep()));

    assertEquals("the file system of " + HERE + " is read-only (/dev/sdb1, ext4)", hold.reason());
    assertEquals(Verdict.Scope.CLASS, hold.scope());
  }

  @Test
  void a_full_one_holds() throws Exception {
    disks.put(HERE, state(true, 0, "/dev/sdb1", "ext4"));

    assertTrue(holds(gate.look(sweep())).reason().startsWith("0.0 MB free at"));
  }

  @Test
  void one_that_was_taken_away_holds_whatever_its_parent_has_free() throws Exception {
    disks.put(HERE, state(true, 100, "/dev/sdb1", "apfs"));
    proceeds(gate.look(sweep()));

    disks.put(HERE, state(false, 900, "/dev/sda1", "ext4"));
    assertTrue(
        holds(gate.look(sweep())).reason().contains("has vanished: it was on /dev/sdb1, apfs"));

    disks.put(HERE, state(true, 100, "/dev/sdc1", "apfs"));
    proceeds(gate.look(sweep())); // back, under another name
    disks.put(HERE, state(false, 100, "/dev/sdc1", "apfs"));
    proceeds(gate.look(sweep())); // only a folder was removed
  }

  @Test
  void another_machine_s_disk_and_quotas_are_named() throws Exception {
    disks.put(HERE, state(true, 100, "nas:/models", "nfs4"));
    assertTrue(proceeds(gate.look(sweep())).endsWith("; a network file system (nfs4)"));

    disks.put(HERE, new DiskState(true, OptionalLong.of(100 * GB), "/dev/x", "xfs", false, true));
    assertTrue(proceeds(gate.look(sweep())).contains("keeps quotas, which may leave less"));
  }

  @Test
  void what_an_admitted_task_is_still_to_write_counts_once() throws Exception {
    disks.put(HERE, state(true, 200, "/dev/sdb1", "ext4"));
    GateRequest pull = writing(80 * GB, HERE);
    Verdict.Proceed admitted = (Verdict.Proceed) gate.look(pull);

    // 200 − 80 in flight is not 60 + 60, while the first one itself is not counted twice
    assertTrue(holds(gate.look(writing(61 * GB, HERE))).reason().contains("80.0 GB still to come"));
    passes(pull);

    disks.put(HERE, state(true, 150, "/dev/sdb1", "ext4"));
    gate.writes().progress(pull.task(), 50 * GB); // written, and so not free any more
    passes(writing(60 * GB, HERE));
    disks.put(Path.of("/other"), state(true, 70, "/dev/sdz", "ext4"));
    passes(writing(30 * GB, Path.of("/other")));

    admitted.lease().close();
    assertFalse(proceeds(gate.look(writing(61 * GB, HERE))).contains("still to come"));
  }

  @Test
  void a_look_ahead_takes_no_room_from_others() throws Exception {
    disks.put(HERE, state(true, 200, "/dev/sdb1", "ext4"));
    GateRequest pull = writing(80 * GB, HERE);
    proceeds(gate.look(Requests.of(pull.task(), GateRequest.Stage.EARLY)));

    assertFalse(proceeds(gate.look(writing(61 * GB, HERE))).contains("still to come"));
  }

  @Test
  void a_place_that_passed_keeps_no_room_where_another_holds() throws Exception {
    DiskGate both = withTwoStores();
    disks.put(Path.of("/one"), state(true, 200, "/dev/sda1", "ext4"));
    disks.put(Path.of("/two"), state(true, 29, "/dev/sdb1", "ext4"));
    holds(both.look(writing(80 * GB)));
    disks.put(Path.of("/two"), state(true, 200, "/dev/sdb1", "ext4"));

    assertFalse(proceeds(both.look(writing(61 * GB))).contains("still to come"));
  }

  /** Two servers run, with their models at {@code /one} and {@code /two}. */
  private DiskGate withTwoStores() {
    host.others.add(FakeHost.process(300, 1, 0, "ollama", "serve"));
    host.others.add(FakeHost.process(301, 1, 0, "ollama", "serve"));
    host.environments.put(300L, Map.of("OLLAMA_MODELS", "/one"));
    host.environments.put(301L, Map.of("OLLAMA_MODELS", "/two"));
    return DiskGate.on(host, Map.of(), "/home/me");
  }

  /** Is admitted, and ends. */
  private void passes(GateRequest request) throws Exception {
    Verdict verdict = gate.look(request);
    proceeds(verdict);
    ((Verdict.Proceed) verdict).lease().close();
  }

  private Set<Path> stores(Map<String, String> environment) throws Exception {
    return new ModelStores(host, environment, "/home/me").find();
  }

  @Test
  void the_models_are_where_the_server_that_runs_says() throws Exception {
    assertEquals(Set.of(Path.of("/home/me/.ollama/models")), stores(Map.of()));
    assertEquals(Set.of(Path.of("/big")), stores(Map.of("OLLAMA_MODELS", "/big")));

    host.others.add(FakeHost.process(300, 1, 0, "/usr/bin/ollama", "serve"));
    host.environments.put(300L, Map.of("OLLAMA_MODELS", "/srv/models", "HOME", "/root"));
    assertEquals(Set.of(Path.of("/srv/models")), stores(Map.of("OLLAMA_MODELS", "/big")));

    host.environments.put(300L, Map.of("HOME", "/var/lib/ollama"));
    assertEquals(Set.of(Path.of("/var/lib/ollama/.ollama/models")), stores(Map.of()));
  }

  @Test
  void where_its_environment_is_hidden_our_own_counts_as_well() throws Exception {
    host.others.add(FakeHost.process(300, 1, 0, "ollama", "serve"));
    host.others.add(FakeHost.process(301, 1, 0, "ollama", "ps"));

    assertTrue(stores(Map.of()).contains(Path.of("/home/me/.ollama/models")));
  }

  @Test
  void the_tightest_of_several_stores_decides() throws Exception {
    DiskGate both = withTwoStores();
    proceeds(both.look(sweep()));

    disks.put(Path.of("/two"), state(true, 29, "/dev/sdb1", "ext4"));
    assertTrue(holds(both.look(sweep())).reason().contains("free at /two"));
  }
}
