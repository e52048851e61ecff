package dev.twoqueue.ollama.forecast;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header of a GGUF file (versions 2 and 3, little-endian): its keys, and the sizes of its
 * tensors from their descriptions. The tensors themselves are never read.
 *
 * <p>Streaming and bounded: the tokenizer's lists are counted and passed over, and nothing that a
 * header says is allocated before it is checked. Source of the format: {@code docs/gguf.md} of the
 * public repository ggml-org/ggml.
 */
final class GgufReader {
  private static final int MAGIC = 0x46554747; // "GGUF"
  private static final int LONGEST_KEY = 1024;

  /** ggml's own limit is 64. */
  private static final int LONGEST_NAME = 256;

  /** Bytes of all kept keys and texts together. */
  private static final int MOST_TEXT = 1 << 20;

  private static final int LONGEST_KEPT_TEXT = 4096;
  private static final int MOST_KEYS = 10_000;
  private static final int MOST_TENSORS = 100_000;
  private static final int MOST_DIMENSIONS = 4;

  /** More than any list per layer has. */
  private static final int LONGEST_KEPT_LIST = 4096;

  /** Elements of all kept lists together. */
  private static final int MOST_KEPT = 200_000;

  private static final String HEADER = "header";

  private final GgufInput in;
  private final Map<String, @Nullable Object> info = new LinkedHashMap<>();
  private final byte[] name = new byte[LONGEST_NAME];
  private int kept;
  private int keptText;

  private GgufReader(GgufInput in) {
    this.in = in;
  }

  /** What a header says. */
  static GgufHeader read(Path file) throws IOException, GgufException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      GgufReader reader = new GgufReader(new GgufInput(channel));
      try {
        return reader.header(channel.size());
      } catch (EOFException e) {
        throw new GgufException(HEADER, reader.in.offset(), String.valueOf(e.getMessage()));
      }
    }
  }

  private GgufHeader header(long size) throws IOException, GgufException {
    if (in.int32() != MAGIC) {
      throw new GgufException(HEADER, 0, "is none of a GGUF file");
    }
    int version = in.int32();
    if (version < 2 || version > 3) {
      throw new GgufException("version", 4, "is " + version + ": 2 and 3 can be read");
    }
    long tensors = count("tensor count", MOST_TENSORS);
    long keys = count("key count", MOST_KEYS);
    for (long i = 0; i < keys; i++) {
      key();
    }
    GgufTensors sizes = new GgufTensors();
    for (long i = 0; i < tensors; i++) {
      tensor(sizes);
    }
    return new GgufHeader(info, sizes.summary(), sizes.hasOutput(), size);
  }

  private long count(String what, long most) throws IOException, GgufException {
    long at = in.offset();
    long count = in.int64();
    if (count < 0 || count > most) {
      throw new GgufException(what, at, "is " + count + ": at most " + most + " can be read");
    }
    return count;
  }

  private void key() throws IOException, GgufException {
    long at = in.offset();
    String key = keep("key", length("key", LONGEST_KEY));
    if (key.isBlank()) {
      throw new GgufException("key", at, "is empty");
    }
    int type = in.int32();
    if (type == GgufType.ARRAY.number()) {
      list(key);
    } else if (type == GgufType.STRING.number()) {
      info.put(key, value(key));
    } else {
      info.put(key, number(key, type));
    }
  }

  /** A text that is kept when it is short; a template, say, is passed over. */
  private @Nullable String value(String key) throws IOException, GgufException {
    long length = length(key);
    if (length <= LONGEST_KEPT_TEXT) {
      return keep(key, (int) length);
    }
    in.skip(length);
    return null;
  }

  private String keep(String what, int length) throws IOException, GgufException {
    keptText += length;
    if (keptText > MOST_TEXT) {
      throw new GgufException(what, in.offset(), "makes the texts longer than " + MOST_TEXT);
    }
    return in.text(length);
  }

  private int length(String what, int longest) throws IOException, GgufException {
    long at = in.offset();
    long length = length(what);
    if (length > longest) {
      throw new GgufException(what, at, "is " + length + " bytes long");
    }
    return (int) length;
  }

  private long length(String what) throws IOException, GgufException {
    long at = in.offset();
    long length = in.int64();
    if (length < 0 || length > in.remaining()) {
      throw new GgufException(what, at, "is longer than the file: " + length + " bytes");
    }
    return length;
  }

  private Object number(String key, int type) throws IOException, GgufException {
    return switch (GgufType.of(key, type, in.offset())) {
      case UINT8 -> (long) (in.int8() & 0xFF);
      case INT8 -> (long) in.int8();
      case UINT16 -> (long) (in.int16() & 0xFFFF);
      case INT16 -> (long) in.int16();
      case UINT32 -> in.int32() & 0xFFFF_FFFFL;
      case INT32 -> (long) in.int32();
      case FLOAT32 -> (double) in.float32();
      case BOOL -> in.int8() != 0;
      case UINT64, INT64 -> in.int64();
      case FLOAT64 -> in.float64();
      case STRING, ARRAY ->
          throw new GgufException(key, in.offset(), "has a list inside of a list");
    };
  }

  private void list(String key) throws IOException, GgufException {
    int type = in.int32();
    long at = in.offset();
    long length = in.int64();
    boolean keep = !key.startsWith("tokenizer.") && length <= LONGEST_KEPT_LIST;
    if (length < 0 || length > in.remaining()) {
      throw new GgufException(key, at, "is a list longer than the file: " + length);
    }
    if (type == GgufType.STRING.number()) {
      for (long i = 0; i < length; i++) {
        in.skip(length(key));
      }
    } else if (keep && (kept += (int) length) <= MOST_KEPT) {
      List<Object> values = new ArrayList<>((int) length);
      for (long i = 0; i < length; i++) {
        values.add(number(key, type));
      }
      info.put(key, values);
      return;
    } else {
      in.skip(length * GgufType.of(key, type, at).bytes(key, at));
    }
    info.put(key + ".count", length);
  }

  private void tensor(GgufTensors sizes) throws IOException, GgufException {
    int length = length("name of a tensor", LONGEST_NAME);
    in.bytes(name, length);
    long at = in.offset();
    int dimensions = in.int32();
    if (dimensions < 0 || dimensions > MOST_DIMENSIONS) {
      throw new GgufException(
          GgufTensors.named(name, length), at, "has " + dimensions + " dimensions");
    }
    double elements = 1;
    for (int i = 0; i < dimensions; i++) {
      long width = in.int64();
      if (width < 0) {
        throw new GgufException(GgufTensors.named(name, length), at, "has a dimension of " + width);
      }
      elements *= width;
    }
    int type = in.int32();
    in.int64(); // where its data stands
    sizes.add(name, length, elements, type, at);
  }
}
