package dev.twoqueue.internal;

import dev.twoqueue.InputLog;
import dev.twoqueue.InputReplay;
import dev.twoqueue.internal.engine.BadInputException;
import dev.twoqueue.internal.engine.EngineReplay;
import dev.twoqueue.internal.engine.InputSink;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Replays a log of inputs, one line at a time: the file may be longer than memory. */
public final class InputLogReader {
  private final Path file;
  private final InputStream in;
  private final StringBuilder text = new StringBuilder();
  private long line;
  private boolean torn;

  private InputLogReader(Path file, InputStream in) {
    this.file = file;
    this.in = in;
  }

  /**
   * See {@link InputLog#replay(Path, Consumer)}.
   *
   * @param decisions null where nobody listens, since the words cost more than the decisions
   */
  public static InputReplay replay(Path file, @Nullable Consumer<String> decisions)
      throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return new InputLogReader(file, in).replay(decisions);
    }
  }

  private InputReplay replay(@Nullable Consumer<String> decisions) throws IOException {
    String first = line();
    if (first == null) {
      line = 1;
      throw bad("this is no log of inputs: it has no whole line");
    }
    try {
      return replay(new EngineReplay(first), decisions);
    } catch (BadInputException damaged) {
      throw bad(
          damaged.getMessage()
              + (line == 1
                  ? "."
                  : ". The line is damaged: send the file as it was written, or cut it before this"
                      + " line to replay what comes before."));
    }
  }

  private InputReplay replay(EngineReplay engine, @Nullable Consumer<String> decisions)
      throws IOException, BadInputException {
    long inputs = 0;
    for (String next = line(); next != null; next = line()) {
      if (next.startsWith(InputLogWriter.END)) {
        return new InputReplay(inputs, end(next), Optional.empty());
      }
      EngineReplay.Decided decided = engine.next(next);
      inputs++;
      if (decisions != null) {
        decisions.accept(line + "  " + decided.input() + "  ->  " + decided.decisions());
      }
      if (!decided.same()) {
        return new InputReplay(
            inputs, InputReplay.End.NOT_REACHED, Optional.of(divergence(decided)));
      }
    }
    return new InputReplay(
        inputs, torn ? InputReplay.End.TORN : InputReplay.End.OPEN, Optional.empty());
  }

  private InputReplay.Divergence divergence(EngineReplay.Decided decided) {
    return new InputReplay.Divergence(
        line, decided.input(), decided.decisions(), decided.expected(), decided.digest());
  }

  private InputReplay.End end(String text) throws IOException {
    String why = text.substring(InputLogWriter.END.length());
    InputReplay.End end =
        switch (why) {
          case InputLogWriter.TERMINATED -> InputReplay.End.TERMINATED;
          case InputLogWriter.FULL -> InputReplay.End.FULL;
          case InputLogWriter.BEHIND -> InputReplay.End.BEHIND;
          default -> throw bad("no log ends with '" + why + "'");
        };
    if (line() != null || torn) {
      throw bad("something follows the log's last line");
    }
    return end;
  }

  private InputLog.FormatException bad(String what) {
    return new InputLog.FormatException(file, line, what);
  }

  /** The next whole line; null when there is none. */
  private @Nullable String line() throws IOException {
    text.setLength(0);
    line++;
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next == '\n') {
        int end = text.length() - 1;
        if (end >= 0 && text.charAt(end) == '\r') {
          text.setLength(end); // a mail program's
        }
        return text.toString();
      }
      if (text.length() == InputSink.LONGEST_LINE) {
        throw bad("this is no log of inputs: the line has no end within " + text.length());
      }
      text.append((char) next);
    }
    torn = text.length() > 0;
    return null;
  }
}
