package dev.twoqueue.gate;

import static dev.twoqueue.gate.FakeHost.process;
import static dev.twoqueue.gate.Requests.holds;
import static dev.twoqueue.gate.Requests.proceeds;
import static dev.twoqueue.gate.Requests.sweep;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/**
 * In a container with a CPU quota: what others below it use, beside what all use of the machine.
 */
@NullUnmarked // fields set by JUnit
class LoadGateQuotaTest {
  private final FakeHost host = new FakeHost();
  private double usedSeconds = 100;

  private void quota(String group, OptionalLong used) {
    host.quota = Optional.of(new CpuQuota(2, used, group));
  }

  /** A second look, after 2 s in which all below a quota of two cores used so much. */
  private Verdict after(LoadGate gate, double cores, double own) throws Exception {
    quota("/pod", OptionalLong.of(Math.round(usedSeconds * 1e9)));
    gate.look(sweep());
    usedSeconds += 2 * cores;
    quota("/pod", OptionalLong.of(Math.round(usedSeconds * 1e9)));
    host.pass(Duration.ofSeconds(2), cores - own, own);
    return gate.look(sweep());
  }

  @Test
  void a_third_of_the_quota_is_the_limit_there() throws Exception {
    LoadGate gate = LoadGate.standard().withFigures(host);

    proceeds(after(gate, 0.6, 0));
    String reason = holds(after(gate, 0.7, 0)).reason();

    assertTrue(reason.contains("others use 0.70 cores over"), reason); // of twelve: no reason
    assertTrue(reason.contains("may use others use 0.70, limit 0.67"), reason);
  }

  @Test
  void what_we_use_of_it_ourselves_does_not_count() throws Exception {
    proceeds(after(LoadGate.standard().withFigures(host), 2, 1.9));
  }

  @Test
  void what_we_use_outside_of_the_group_excuses_nobody_within_it() throws Exception {
    LoadGate gate = LoadGate.standard().withFigures(host);
    host.others.add(process(200, 1, 50, "ollama", "serve")); // in another group
    quota("/pod", OptionalLong.of(0));
    gate.look(sweep());
    host.pass(Duration.ofSeconds(2), 1.5, 0);
    host.busy(4);
    host.others.set(0, process(200, 1, 54, "ollama", "serve"));
    quota("/pod", OptionalLong.of(3_000_000_000L));

    String reason = holds(gate.look(sweep())).reason();

    assertTrue(reason.contains("may use others use 1.50"), reason);
  }

  @Test
  void an_absolute_limit_is_that_of_the_machine_alone() throws Exception {
    String saw = proceeds(after(LoadGate.absolute(1.5).withFigures(host), 1.4, 0));

    assertTrue(saw.endsWith("; of the 2.00 cores that this control group may use others use 1.40"));
  }

  @Test
  void an_account_that_is_not_told_holds() throws Exception {
    LoadGate gate = LoadGate.standard().withFigures(host);
    quota("/pod", OptionalLong.empty());

    String reason = holds(gate.look(sweep())).reason();

    assertTrue(reason.startsWith("cannot tell: what others use of this control group's"), reason);
  }

  @Test
  void another_group_begins_another_account() throws Exception {
    LoadGate gate = LoadGate.standard().withFigures(host);
    quota("/pod", OptionalLong.of(5));
    gate.look(sweep());
    quota("/other", OptionalLong.of(0));
    host.pass(Duration.ofSeconds(2), 0, 0);
    holds(gate.look(sweep()));

    host.pass(Duration.ofSeconds(2), 0, 0);
    proceeds(gate.look(sweep()));
  }
}
