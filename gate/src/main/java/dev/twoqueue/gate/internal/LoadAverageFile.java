package dev.twoqueue.gate.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The fourth field of {@code /proc/loadavg}: runnable threads / all threads. */
final class LoadAverageFile {
  private static final Logger log = LoggerFactory.getLogger(LoadAverageFile.class);
  private static final Pattern RUNNABLE = Pattern.compile("(?:\\S+ ){3}(\\d{1,9})/\\d+ .*");

  private LoadAverageFile() {}

  static OptionalInt runnable(Path file) {
    try {
      Matcher matcher = RUNNABLE.matcher(Files.readString(file).strip());
      if (matcher.matches()) {
        return OptionalInt.of(Integer.parseInt(matcher.group(1)));
      }
      log.warn("{} is not in the form that is known", file);
    } catch (IOException e) {
      log.warn("{} cannot be read", file, e);
    }
    return OptionalInt.empty();
  }
}
