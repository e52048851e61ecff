package dev.twoqueue.ollama.forecast;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Sums the sizes of tensors from their descriptions. */
final class GgufTensors {
  private static final double MOST = 1L << 50;

  /** ggml's types by number: elements of a block and its bytes; 0 where the number is not used. */
  private static final int[][] BLOCKS = {
    {1, 4},
    {1, 2},
    {32, 18},
    {32, 20},
    {0, 0},
    {0, 0},
    {32, 22},
    {32, 24},
    {32, 34},
    {32, 36},
    {256, 84},
    {256, 110},
    {256, 144},
    {256, 176},
    {256, 210},
    {256, 292},
    {256, 66},
    {256, 74},
    {256, 98},
    {256, 50},
    {32, 18},
    {256, 110},
    {256, 82},
    {256, 136},
    {1, 1},
    {1, 2},
    {1, 4},
    {1, 8},
    {1, 8},
    {256, 56},
    {1, 2},
    {0, 0},
    {0, 0},
    {0, 0},
    {256, 54},
    {256, 66},
    {0, 0},
    {0, 0},
    {0, 0},
    {32, 17},
    {64, 36},
    {128, 18},
    {64, 18}
  };

  private static final byte[] EMBEDDING = "token_embd.weight".getBytes(StandardCharsets.UTF_8);
  private static final byte[] OUTPUT = "output.weight".getBytes(StandardCharsets.UTF_8);

  private double total;
  private double embedding;
  private boolean output;

  void add(byte[] name, int length, double elements, int type, long offset) throws GgufException {
    if (type < 0 || type >= BLOCKS.length || BLOCKS[type][0] == 0) {
      throw new GgufException(named(name, length), offset, "has a type that is not known: " + type);
    }
    double bytes = elements / BLOCKS[type][0] * BLOCKS[type][1];
    total += bytes;
    if (total > MOST) {
      throw new GgufException(
          named(name, length), offset, "makes the tensors larger than 2^50 bytes");
    }
    if (is(name, length, EMBEDDING)) {
      embedding = bytes;
    }
    output |= is(name, length, OUTPUT);
  }

  private static boolean is(byte[] name, int length, byte[] expected) {
    return Arrays.equals(name, 0, length, expected, 0, expected.length);
  }

  /** For errors only: names are compared as bytes. */
  static String named(byte[] name, int length) {
    return "tensor '" + new String(name, 0, length, StandardCharsets.UTF_8) + "'";
  }

  boolean hasOutput() {
    return output;
  }

  TensorSummary summary() {
    return new TensorSummary((long) total, (long) embedding, embedding > 0 && !output);
  }
}
