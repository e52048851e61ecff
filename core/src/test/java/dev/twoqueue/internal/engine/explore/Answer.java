package dev.twoqueue.internal.engine.explore;

import dev.twoqueue.Lease;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the world may answer. What throws or hangs is, past the shell, a hold or an unknown. */
enum Answer {
  NONE,
  EMPTY,
  M1,
  M2,
  BOTH,
  UNKNOWN,
  PROCEED,
  HOLD,
  HOLD_CLASS,
  REFUSE,
  DONE,
  FAILED,
  GRANT,
  DENY;

  /** The names of the models, in the order of {@link #M1} and {@link #M2}. */
  static final List<String> MODELS = List.of("m1", "m2", "m3");

  /** Whether it is the answer that lets the start go on. */
  boolean isGood() {
    return switch (this) {
      case UNKNOWN, HOLD, HOLD_CLASS, REFUSE, FAILED, DENY -> false;
      default -> true;
    };
  }

  /**
   * As what the probe sees.
   *
   * @param embeddings whether a model that is always resident is seen beside the workers (I9)
   */
  Residency residency(boolean embeddings) {
    if (this == UNKNOWN) {
      return Residency.unknown("nobody can say");
    }
    List<ResidentModel> models = new ArrayList<>();
    if (this == M1 || this == BOTH) {
      models.add(ResidentModel.worker(MODELS.get(0), 1));
    }
    if (this == M2 || this == BOTH) {
      models.add(ResidentModel.worker(MODELS.get(1), 2));
    }
    if (embeddings) {
      models.add(ResidentModel.alwaysResident("embeddings", 4));
    }
    return Residency.of(models);
  }

  /** As a gate's verdict. */
  Verdict verdict(Lease lease, Duration hold) {
    return switch (this) {
      case PROCEED -> Verdict.proceed().withLease(lease).withLookAgainAfter(hold);
      case HOLD -> Verdict.hold("not now", hold);
      case HOLD_CLASS -> Verdict.holdClass("none now", hold);
      case REFUSE -> Verdict.refuse("never");
      default -> throw new IllegalArgumentException(this + " is no verdict");
    };
  }
}
