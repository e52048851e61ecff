package dev.twoqueue.ollama.forecast;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;

/** Little-endian values of a file, through one buffer of a fixed size. */
final class GgufInput {
  private static final int BUFFER = 64 * 1024;

  private final SeekableByteChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
  private final long size;
  private long read;

  GgufInput(SeekableByteChannel channel) throws IOException {
    this.channel = channel;
    this.size = channel.size();
    buffer.limit(0);
  }

  /** Where the next value stands. */
  long offset() {
    return read - buffer.remaining();
  }

  /** What is left of the file. */
  long remaining() {
    return size - offset();
  }

  int int8() throws IOException {
    return need(1).get();
  }

  int int16() throws IOException {
    return need(2).getShort();
  }

  int int32() throws IOException {
    return need(4).getInt();
  }

  long int64() throws IOException {
    return need(8).getLong();
  }

  float float32() throws IOException {
    return need(4).getFloat();
  }

  double float64() throws IOException {
    return need(8).getDouble();
  }

  /** A text of so many bytes. */
  String text(int length) throws IOException {
    byte[] bytes = new byte[length];
    bytes(bytes, length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** So many bytes, into the beginning of an array. */
  void bytes(byte[] into, int length) throws IOException {
    int done = 0;
    while (done < length) {
      ByteBuffer ready = need(1);
      int part = Math.min(ready.remaining(), length - done);
      ready.get(into, done, part);
      done += part;
    }
  }

  /** Passes over so many bytes. */
  void skip(long bytes) throws IOException {
    if (bytes > remaining()) {
      throw new EOFException("ends before " + bytes + " more bytes");
    }
    if (bytes <= buffer.remaining()) {
      buffer.position(buffer.position() + (int) bytes);
      return;
    }
    read = offset() + bytes;
    channel.position(read);
    buffer.limit(0);
  }

  private ByteBuffer need(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      buffer.compact();
      while (buffer.position() < bytes) {
        int got = channel.read(buffer);
        if (got < 0) {
          buffer.flip();
          throw new EOFException("ends in the middle of its header");
        }
        read += got;
      }
      buffer.flip();
    }
    return buffer;
  }
}
