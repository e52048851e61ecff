package dev.twoqueue.internal.engine.explore;

/**
 * One thing that happens in a world.
 *
 * @param op what
 * @param a the kind, job, question or limit, by its number
 * @param b the other job
 * @param answer what is answered
 */
record Move(Op op, int a, int b, Answer answer) {
  static Move of(Op op) {
    return new Move(op, 0, 0, Answer.NONE);
  }

  static Move of(Op op, int a) {
    return new Move(op, a, 0, Answer.NONE);
  }

  static Move of(Op op, int a, int b) {
    return new Move(op, a, b, Answer.NONE);
  }

  /** As a call on a {@link ReplayedTrace}. */
  @Override
  public String toString() {
    StringBuilder call = new StringBuilder(op.call).append('(');
    String separator = "";
    if (op.arguments > 0) {
      call.append(a);
      separator = ", ";
    }
    if (op.arguments > 1) {
      call.append(separator).append(b);
    }
    if (answer != Answer.NONE) {
      call.append(separator).append("Answer.").append(answer);
    }
    return call.append(')').toString();
  }
}
