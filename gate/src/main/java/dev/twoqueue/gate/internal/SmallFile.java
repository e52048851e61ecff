package dev.twoqueue.gate.internal;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Files of the kernel: small, made when they are read, and bounded here all the same. A look reads
 * a dozen of them, so the buffer is used again.
 */
public final class SmallFile {
  private static final int USUAL = 8 * 1024;
  private static final int MOST = 1 << 20;

  private static final AtomicReference<byte @Nullable []> SPARE = new AtomicReference<>();

  private SmallFile() {}

  /**
   * Reads the whole of it.
   *
   * @param file need not exist
   * @return the text; empty where there is no such file
   * @throws IOException when it is there and cannot be read
   */
  public static Optional<String> read(Path file) throws IOException {
    try (InputStream in = new FileInputStream(file.toFile())) {
      return Optional.of(text(in));
    } catch (FileNotFoundException e) {
      if (file.toFile().exists()) {
        throw e; // it is there and may not be read: that is no "none"
      }
      return Optional.empty();
    }
  }

  private static String text(InputStream in) throws IOException {
    byte @Nullable [] spare = SPARE.getAndSet(null);
    byte[] buffer = spare == null ? new byte[USUAL] : spare;
    int length = 0;
    int read = in.read(buffer);
    while (read > 0 && length + read < MOST) {
      length += read;
      if (length == buffer.length) {
        buffer = Arrays.copyOf(buffer, length * 2);
      }
      read = in.read(buffer, length, buffer.length - length);
    }
    String text = new String(buffer, 0, length, StandardCharsets.UTF_8);
    if (buffer.length == USUAL) {
      SPARE.set(buffer); // a longer one is not kept
    }
    return text;
  }

  /**
   * Reads one that has to be there.
   *
   * @param file by name
   * @return the text
   * @throws IOException when it is missing or cannot be read
   */
  public static String required(Path file) throws IOException {
    return read(file).orElseThrow(() -> new IOException(file + " is missing"));
  }

  /**
   * The number after a key at the beginning of a line.
   *
   * @param text of the file
   * @param key with what separates it from the number, spaces after it left out
   * @param file for the message
   * @return empty where there is no such line
   * @throws IOException when no number follows
   */
  public static OptionalLong number(String text, String key, Path file) throws IOException {
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

  /**
   * A number.
   *
   * @param text may have spaces around it
   * @param file for the message
   * @return the number
   * @throws IOException when it is none
   */
  public static long parse(String text, Path file) throws IOException {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new IOException("not a number in " + file + ": " + text, e);
    }
  }
}
