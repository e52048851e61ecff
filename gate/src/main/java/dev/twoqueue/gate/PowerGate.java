package dev.twoqueue.gate;

import dev.twoqueue.Gate;
import dev.twoqueue.GateRequest;
import dev.twoqueue.Verdict;
import dev.twoqueue.gate.internal.Arguments;
import java.time.Duration;
import java.util.Locale;

/**
 * Holds on a battery that is not full enough, and while heat slows the processors down.
 *
 * <p>What the system does not tell lets pass, and is said: unlike memory or load, a machine of
 * which one does not know whether it has a battery is no danger to the work. Figures that are there
 * and cannot be read hold. Heat is told by Linux on Intel's processors alone.
 *
 * <p>Thread-safe.
 */
public final class PowerGate implements Gate {
  private final double leastCharge;
  private final HostFigures figures;
  private final HoldPace pace = new HoldPace(Duration.ofSeconds(5), Duration.ofMinutes(1));

  private PowerGate(double leastCharge, HostFigures figures) {
    this.leastCharge = leastCharge;
    this.figures = figures;
  }

  /**
   * A gate that wants a battery at least half full, or a socket.
   *
   * @return the gate
   */
  public static PowerGate standard() {
    return leastCharge(0.5);
  }

  /**
   * A gate with another charge.
   *
   * @param share from 0, where a battery never holds, to 1; above 1 any battery that is being
   *     discharged holds
   * @return the gate
   * @throws IllegalArgumentException when negative or not finite
   */
  public static PowerGate leastCharge(double share) {
    if (!(share >= 0) || Double.isInfinite(share)) {
      throw new IllegalArgumentException("share must be 0 or more, was " + share);
    }
    return new PowerGate(share, HostFigures.live());
  }

  /**
   * The same on other figures.
   *
   * @param source where they come from
   * @return a gate of its own
   */
  public PowerGate withFigures(HostFigures source) {
    return new PowerGate(leastCharge, Arguments.notNull(source, "source"));
  }

  @Override
  public String name() {
    return "power";
  }

  @Override
  public Verdict look(GateRequest request) throws Exception {
    Arguments.notNull(request, "request");
    Verdict verdict =
        Looks.holdingOnFailure(
            "the power", HoldPace.SOONEST, Verdict.Scope.CLASS, () -> judge(figures.power()));
    return pace.apply(request, verdict, figures.nanoTime());
  }

  private Verdict judge(PowerState state) {
    boolean discharging = state.onBattery().orElse(false);
    // A battery that is discharged and does not tell its charge is taken as empty.
    boolean tooEmpty = discharging && !(state.charge().orElse(0) >= leastCharge);
    boolean hot = state.throttled().orElse(false);
    String charge =
        state.charge().isPresent()
            ? String.format(Locale.ROOT, "%.0f %% charged", 100 * state.charge().getAsDouble())
            : "charge unknown";
    String power =
        state.onBattery().isEmpty()
            ? "whether on a battery is not told"
            : discharging
                ? String.format(
                    Locale.ROOT, "on battery, %s, %.0f %% wanted", charge, 100 * leastCharge)
                : "not on battery";
    String heat =
        state.throttled().isEmpty()
            ? "whether heat slows it down is not told"
            : hot ? "heat slows the processors down" : "not slowed down by heat";
    String text = power + "; " + heat;
    return tooEmpty || hot ? Verdict.holdClass(text, HoldPace.SOONEST) : Verdict.proceed(text);
  }
}
