package dev.twoqueue.ollama;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A change to bytes, as networks, proxies, broken disks and other programs make them.
 *
 * @param kind of change
 * @param at where, modulo the length
 * @param length of the piece, modulo what is there
 * @param value what is put in or flipped, modulo what there is
 */
record Mutation(Kind kind, int at, int length, int value) {
  private static final int LONGEST_PIECE = 64;
  private static final int LONGEST_NOISE = 40;

  /** Sorts of change. */
  enum Kind {
    FLIP_BIT,
    FLIP_BITS,
    CUT_OUT,
    DOUBLE,
    CUT_OFF,
    PUT_IN,
    REPLACE,
    NOISE,
    MOVE
  }

  /** What a reader of HTTP or JSON may stumble over. */
  private static final List<byte[]> STUMBLING =
      Stream.of(
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

  byte[] of(byte[] bytes) {
    if (bytes.length == 0) {
      return stumbling();
    }
    int from = at % bytes.length;
    int to = from + 1 + length % Math.min(LONGEST_PIECE, bytes.length - from);
    return switch (kind) {
      case FLIP_BIT -> flipped(bytes, from, 1 << value % 8);
      case FLIP_BITS -> flipped(bytes, from, 1 + value % 255);
      case CUT_OUT -> splice(bytes, from, to, new byte[0]);
      case DOUBLE -> splice(bytes, from, from, Arrays.copyOfRange(bytes, from, to));
      case CUT_OFF -> splice(bytes, from, bytes.length, new byte[0]);
      case PUT_IN -> splice(bytes, from, from, stumbling());
      case REPLACE -> splice(bytes, from, to, stumbling());
      case NOISE -> splice(bytes, from, from, noise());
      case MOVE -> {
        int other = value % bytes.length;
        int end = Math.min(bytes.length, other + 200);
        yield splice(bytes, from, from, Arrays.copyOfRange(bytes, other, end));
      }
    };
  }

  private byte[] stumbling() {
    return STUMBLING.get(value % STUMBLING.size());
  }

  private byte[] noise() {
    byte[] noise = new byte[1 + length % LONGEST_NOISE];
    new Random(value).nextBytes(noise);
    return noise;
  }

  private static byte[] flipped(byte[] bytes, int at, int bits) {
    byte[] changed = bytes.clone();
    changed[at] ^= (byte) bits;
    return changed;
  }

  private static byte[] splice(byte[] bytes, int from, int to, byte[] between) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + between.length);
    out.write(bytes, 0, from);
    out.writeBytes(between);
    out.write(bytes, to, bytes.length - to);
    return out.toByteArray();
  }
}
