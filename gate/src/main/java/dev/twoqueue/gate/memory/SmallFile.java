package dev.twoqueue.gate.memory;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/** Files of the kernel: small, made when they are read, and bounded here all the same. */
final class SmallFile {
  private static final int FIRST = 1 << 10;
  private static final int MOST = 1 << 20;

  private SmallFile() {}

  /** The text; empty where there is no such file. */
  static Optional<String> read(Path file) throws IOException {
    try (InputStream in = new FileInputStream(file.toFile())) {
      return Optional.of(text(in));
    } catch (FileNotFoundException e) {
      if (file.toFile().exists()) {
        throw e; // it is there and may not be read: that is no "none"
      }
      return Optional.empty();
    }
  }

  /** Begins small: {@code readNBytes} makes 8 kB of garbage for a file of ten bytes. */
  private static String text(InputStream in) throws IOException {
    byte[] buffer = new byte[FIRST];
    int length = in.readNBytes(buffer, 0, FIRST);
    while (length == buffer.length && length < MOST) {
      buffer = Arrays.copyOf(buffer, 4 * length);
      length += in.readNBytes(buffer, length, buffer.length - length);
    }
    return new String(buffer, 0, length, StandardCharsets.UTF_8);
  }

  /** The text of a file that has to be there. */
  static String required(Path file) throws IOException {
    return read(file).orElseThrow(() -> new IOException(file + " is missing"));
  }

  /**
   * The number after a key at the beginning of a line.
   *
   * @return empty where there is no such line
   * @throws IOException when no number follows
   */
  static OptionalLong number(String text, String key, Path file) throws IOException {
    int at = text.startsWith(key) ? 0 : text.indexOf("\n" + key) + 1;
    if (at == 0 && !text.startsWith(key)) {
      return OptionalLong.empty();
    }
    int from = at + key.length();
    while (from < text.length() && text.charAt(from) == ' ') {
      from++;
    }
    int to = from;
    while (to < text.length() && Character.isDigit(text.charAt(to))) {
      to++;
    }
    return OptionalLong.of(parse(text.substring(from, to), file));
  }

  static long parse(String text, Path file) throws IOException {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new IOException("not a number in " + file + ": " + text, e);
    }
  }
}
