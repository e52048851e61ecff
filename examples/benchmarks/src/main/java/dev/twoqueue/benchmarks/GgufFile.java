package dev.twoqueue.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A GGUF file of a header alone, with a tokenizer as large models have it. */
final class GgufFile {
  private static final int UINT32 = 4;
  private static final int FLOAT32 = 6;
  private static final int STRING = 8;
  private static final int ARRAY = 9;

  private final OutputStream out;
  private final ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);

  private GgufFile(OutputStream out) {
    this.out = out;
  }

  static Path write(Map<String, @Nullable Object> info, int tokens) throws IOException {
    Path path = Files.createTempFile("header", ".gguf");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path))) {
      new GgufFile(out).header(info, tokens);
    }
    return path;
  }

  private void header(Map<String, @Nullable Object> info, int tokens) throws IOException {
    out.write("GGUF".getBytes(StandardCharsets.UTF_8));
    int32(3);
    int64(0);
    int64(info.size() + 2);
    for (Map.Entry<String, @Nullable Object> key : info.entrySet()) {
      text(key.getKey());
      value(key.getValue());
    }
    texts("tokenizer.ggml.tokens", tokens);
    text("tokenizer.ggml.scores");
    int32(ARRAY);
    int32(FLOAT32);
    int64(tokens);
    out.write(new byte[4 * tokens]);
  }

  private void value(@Nullable Object value) throws IOException {
    if (value instanceof String text) {
      int32(STRING);
      text(text);
    } else if (value instanceof List<?> list) {
      int32(ARRAY);
      int32(UINT32);
      int64(list.size());
      for (Object element : list) {
        int32((Integer) element);
      }
    } else if (value instanceof Integer whole) {
      int32(UINT32);
      int32(whole);
    }
  }

  private void texts(String key, int count) throws IOException {
    text(key);
    int32(ARRAY);
    int32(STRING);
    int64(count);
    for (int i = 0; i < count; i++) {
      text("token" + i % 10_000);
    }
  }

  private void text(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int64(bytes.length);
    out.write(bytes);
  }

  private void int32(int value) throws IOException {
    out.write(number.clear().putInt(value).array(), 0, 4);
  }

  private void int64(long value) throws IOException {
    out.write(number.clear().putLong(value).array(), 0, 8);
  }
}
