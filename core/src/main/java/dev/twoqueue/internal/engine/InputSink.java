package dev.twoqueue.internal.engine;

/** Takes the lines of a log of inputs; called under the shell's lock, so it must not do any I/O. */
public interface InputSink {
  /** The most characters that a line may have: what reads the log back reads no more. */
  int LONGEST_LINE = 1 << 20;

  /** Whether it takes no more. */
  boolean over();

  /**
   * Takes one line.
   *
   * @param line ASCII, without its end
   */
  void add(CharSequence line);

  /** An input could not be put into words: what comes after it would be worth nothing. */
  void broken(Throwable why);
}
