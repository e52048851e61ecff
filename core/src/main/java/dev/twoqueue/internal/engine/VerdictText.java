package dev.twoqueue.internal.engine;

import dev.twoqueue.Lease;
import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What of a verdict decides: its kind, whether there is a lease, and when to look again. */
final class VerdictText {
  /** A lease whose giving back is a decision, and does nothing. */
  static final Lease SOME_LEASE = () -> {};

  private static final String NOT_LOGGED = "the reason was not logged";

  private VerdictText() {}

  static String of(Verdict verdict) {
    if (verdict instanceof Verdict.Proceed proceed) {
      return proceed.lease() == Lease.NONE ? "proceed" : "leased";
    }
    if (verdict instanceof Verdict.Hold hold) {
      return hold.scope() == Verdict.Scope.CLASS ? "holdClass" : "hold";
    }
    return "refuse";
  }

  static String nanos(Verdict verdict) {
    if (verdict instanceof Verdict.Proceed proceed) {
      return LogText.of(proceed.lookAgainAfter().orElse(null));
    }
    return verdict instanceof Verdict.Hold hold ? LogText.of(hold.lookAgainAfter()) : "";
  }

  static Verdict read(InputFields fields) throws BadInputException {
    String kind = fields.text();
    Duration again = fields.duration();
    return switch (kind) {
      case "proceed" -> proceed(Lease.NONE, again);
      case "leased" -> proceed(SOME_LEASE, again);
      case "hold" -> Verdict.hold(NOT_LOGGED, needed(again));
      case "holdClass" -> Verdict.holdClass(NOT_LOGGED, needed(again));
      case "refuse" -> Verdict.refuse(NOT_LOGGED);
      default -> throw new BadInputException("no verdict is '" + kind + "'");
    };
  }

  private static Verdict proceed(Lease lease, @Nullable Duration again) {
    return new Verdict.Proceed("", lease, Optional.empty(), Optional.ofNullable(again));
  }

  private static Duration needed(@Nullable Duration again) throws BadInputException {
    if (again == null) {
      throw new BadInputException("a hold says when to look again");
    }
    return again;
  }
}
