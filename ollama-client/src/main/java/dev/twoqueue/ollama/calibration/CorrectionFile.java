package dev.twoqueue.ollama.calibration;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Corrections in a small text file: a version mark, a line for each model and setting with its
 * samples, and a checksum. A file that is damaged in any way, or of another version, is no file.
 * Written beside it, forced to the disk, and moved over it in one step.
 */
final class CorrectionFile {
  static final String VERSION = "two-queue calibration 1";
  private static final String CHECKSUM = "crc32 ";
  private static final int MOST_BYTES = 1 << 20;

  private final Path path;

  CorrectionFile(Path path) {
    this.path = path;
  }

  /**
   * Reads.
   *
   * @return empty where there is no file
   * @throws IOException when it cannot be read, or is damaged: the message says how
   */
  Map<String, Correction> read() throws IOException {
    if (!Files.exists(path)) {
      return Map.of();
    }
    String text;
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new IOException("it has more than " + MOST_BYTES + " bytes");
      }
      text = new String(bytes, StandardCharsets.UTF_8);
    }
    int end = text.lastIndexOf(CHECKSUM);
    if (!text.startsWith(VERSION + "\n")) {
      throw new IOException("it does not begin with '" + VERSION + "'");
    }
    if (end < 0 || !text.substring(end).equals(checksum(text.substring(0, end)))) {
      throw new IOException("its checksum is wrong: it was cut off or changed");
    }
    return parse(text.substring(VERSION.length() + 1, end));
  }

  private static Map<String, Correction> parse(String body) throws IOException {
    Map<String, Correction> corrections = new LinkedHashMap<>();
    for (String line : body.lines().toList()) {
      int space = line.indexOf(' ');
      try {
        String key = URLDecoder.decode(line.substring(0, space), StandardCharsets.UTF_8);
        corrections.put(key, new Correction(samples(line.substring(space + 1))));
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        throw new IOException("not a line of it: " + line, e);
      }
    }
    return corrections;
  }

  /** From {@code ratio:accounts,ratio:accounts}. */
  private static List<Sample> samples(String text) {
    List<Sample> samples = new ArrayList<>();
    for (String sample : text.split(",", -1)) {
      int colon = sample.indexOf(':');
      samples.add(
          new Sample(
              Double.parseDouble(sample.substring(0, colon)),
              Integer.parseInt(sample.substring(colon + 1))));
    }
    return samples;
  }

  void write(Map<String, Correction> corrections) throws IOException {
    StringBuilder text = new StringBuilder(VERSION).append('\n');
    corrections.forEach(
        (key, correction) -> {
          text.append(URLEncoder.encode(key, StandardCharsets.UTF_8)).append(' ');
          for (Sample sample : correction.samples()) {
            text.append(sample.ratio()).append(':').append(sample.accounts()).append(',');
          }
          text.setCharAt(text.length() - 1, '\n');
        });
    text.append(checksum(text.toString()));
    Path folder = path.toAbsolutePath().getParent();
    Path fresh = Files.createTempFile(folder, path.getFileName().toString(), ".new");
    try {
      try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static String checksum(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return CHECKSUM + Long.toHexString(crc.getValue()) + "\n";
  }
}
