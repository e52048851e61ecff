package dev.twoqueue.ollama;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/** Damages bytes as networks, proxies, broken disks and other programs do. */
final class Mutations {
  /** What a reader of HTTP or JSON may stumble over. */
  private static final List<byte[]> STUMBLING =
      java.util.stream.Stream.of(
              "null",
              "-1",
              "1e999",
              "18446744073709551616",
              "9".repeat(2000),
              "{}",
              "[]",
              "[[[[",
              "{\"a\":",
              "\"",
              "\\u0000",
              "\\ud800",
              "\u0000",
              "\r\n",
              "\n",
              "0\r\n\r\n",
              "ffffffff\r\n",
              "true",
              "NaN",
              "\ud83d\ude00",
              "},{",
              ",",
              "\"error\":\"x\",",
              "\"done\":true,",
              "\"models\":null,",
              "0001-01-01T00:00:00Z",
              "\t".repeat(300))
          .map(text -> text.getBytes(StandardCharsets.UTF_8))
          .toList();

  private final SplittableRandom random;

  Mutations(SplittableRandom random) {
    this.random = random;
  }

  /** One change somewhere, or up to four. */
  byte[] of(byte[] bytes) {
    byte[] changed = bytes;
    for (int i = random.nextBoolean() ? 1 : random.nextInt(2, 5); i > 0; i--) {
      changed = once(changed);
    }
    return changed;
  }

  private byte[] once(byte[] bytes) {
    if (bytes.length == 0) {
      return stumbling();
    }
    int at = random.nextInt(bytes.length);
    int length = random.nextInt(1, Math.min(64, bytes.length - at) + 1);
    return switch (random.nextInt(-3, 9)) {
      case -3, -2, 0 -> flipped(bytes, at, 1 << random.nextInt(8));
      case -1, 1 -> flipped(bytes, at, random.nextInt(1, 256));
      case 2 -> splice(bytes, at, at + length, new byte[0]);
      case 3 -> splice(bytes, at, at, slice(bytes, at, at + length));
      case 4 -> splice(bytes, at, bytes.length, new byte[0]);
      case 5 -> splice(bytes, at, at, stumbling());
      case 6 -> splice(bytes, at, at + length, stumbling());
      case 7 -> splice(bytes, at, at, noise());
      default -> {
        int from = random.nextInt(bytes.length);
        yield splice(bytes, at, at, slice(bytes, from, Math.min(bytes.length, from + 200)));
      }
    };
  }

  private byte[] stumbling() {
    return STUMBLING.get(random.nextInt(STUMBLING.size()));
  }

  private byte[] noise() {
    byte[] noise = new byte[random.nextInt(1, 40)];
    random.nextBytes(noise);
    return noise;
  }

  private static byte[] flipped(byte[] bytes, int at, int bits) {
    byte[] changed = bytes.clone();
    changed[at] ^= (byte) bits;
    return changed;
  }

  private static byte[] slice(byte[] bytes, int from, int to) {
    return java.util.Arrays.copyOfRange(bytes, from, to);
  }

  private static byte[] splice(byte[] bytes, int from, int to, byte[] between) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + between.length);
    out.write(bytes, 0, from);
    out.writeBytes(between);
    out.write(bytes, to, bytes.length - to);
    return out.toByteArray();
  }
}
