package dev.twoqueue.internal.engine.explore;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a world got into a state that must not be.
 *
 * @param moves from the beginning; the last one, or what follows it, breaks something
 * @param continuation the fair schedule that comes to no end after them; null where they break
 *     something themselves
 */
record Trace(
    WorldSpec spec, List<Move> moves, RuntimeException broken, @Nullable Fair continuation) {

  /** A test that can be pasted. */
  @Override
  public String toString() {
    StringBuilder test = new StringBuilder();
    test.append("  // ").append(broken.getMessage()).append('\n');
    test.append("  @Test\n  void shortestTraceIn").append(capitalized(spec.name)).append("() {\n");
    test.append("    ReplayedTrace trace =\n        ReplayedTrace.in(\n            ");
    test.append(spec.code()).append(");\n");
    World told = new World(spec);
    for (Move move : moves) {
      test.append("    trace.").append(move).append(";");
      describe(test, told, move);
      test.append('\n');
    }
    if (continuation != null) {
      test.append("    trace.endsFairly(Fair.").append(continuation).append(");\n");
    }
    return test.append("  }\n").toString();
  }

  private static String capitalized(String name) {
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  private static void describe(StringBuilder test, World told, Move move) {
    try {
      if (move.op() == Op.SUBMIT) {
        test.append(" // ").append(told.spec.kinds.get(move.a()));
      } else if (move.op() == Op.ANSWER) {
        test.append(" // ").append(told.witness.open.get(move.a()));
      }
      told.apply(move);
    } catch (RuntimeException broken) {
      test.append(" // ").append(broken.getMessage());
    }
  }
}
