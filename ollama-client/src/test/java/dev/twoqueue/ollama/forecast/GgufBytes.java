package dev.twoqueue.ollama.forecast;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes headers of GGUF files. */
final class GgufBytes {
  private static final int VERSION = 3;

  private final ByteBuffer out = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);

  GgufBytes(long tensors, long keys) {
    out.put("GGUF".getBytes(StandardCharsets.UTF_8)).putInt(VERSION);
    out.putLong(tensors).putLong(keys);
  }

  /** A header with a model's metadata, a tokenizer of so many tokens, and a few tensors. */
  static GgufBytes model(String name, int tokens) {
    Map<String, Object> info = MeasuredRows.info(name);
    GgufBytes bytes = new GgufBytes(2, info.size() + 1);
    info.forEach(bytes::key);
    bytes.tokens("tokenizer.ggml.merges", tokens);
    return bytes
        .tensor("token_embd.weight", 12, 256, 1000)
        .tensor("blk.0.attn_q.weight", 0, 64, 64);
  }

  GgufBytes key(String key, Object value) {
    text(key);
    if (value instanceof List<?> list) {
      boolean flags = list.get(0) instanceof Boolean;
      boolean texts = list.get(0) instanceof String;
      out.putInt(GgufType.ARRAY.number());
      out.putInt((flags ? GgufType.BOOL : texts ? GgufType.STRING : GgufType.UINT32).number());
      out.putLong(list.size());
      list.forEach(this::element);
    } else {
      GgufType type =
          value instanceof Boolean
              ? GgufType.BOOL
              : value instanceof String
                  ? GgufType.STRING
                  : value instanceof Double
                      ? GgufType.FLOAT64
                      : value instanceof Long ? GgufType.UINT64 : GgufType.UINT32;
      out.putInt(type.number());
      element(value);
    }
    return this;
  }

  private void element(Object value) {
    if (value instanceof Boolean flag) {
      out.put((byte) (flag ? 1 : 0));
    } else if (value instanceof String text) {
      text(text);
    } else if (value instanceof Double number) {
      out.putDouble(number);
    } else if (value instanceof Long number) {
      out.putLong(number);
    } else {
      out.putInt((Integer) value);
    }
  }

  GgufBytes tokens(String key, int count) {
    text(key);
    out.putInt(GgufType.ARRAY.number()).putInt(GgufType.STRING.number()).putLong(count);
    for (int i = 0; i < count; i++) {
      text("token" + i);
    }
    return this;
  }

  GgufBytes tensor(String name, int type, long... shape) {
    text(name);
    out.putInt(shape.length);
    for (long dimension : shape) {
      out.putLong(dimension);
    }
    out.putInt(type).putLong(0);
    return this;
  }

  GgufBytes raw(byte... bytes) {
    out.put(bytes);
    return this;
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.putLong(bytes.length).put(bytes);
  }

  byte[] bytes() {
    byte[] bytes = new byte[out.position()];
    out.get(0, bytes);
    return bytes;
  }

  Path write(Path folder, String name) throws IOException {
    return Files.write(folder.resolve(name), bytes());
  }
}
