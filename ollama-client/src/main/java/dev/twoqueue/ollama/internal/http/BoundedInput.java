package dev.twoqueue.ollama.internal.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Lets so many bytes through and no more, and remembers the first of them for error messages. */
public final class BoundedInput extends FilterInputStream {
  private final long most;
  private final byte[] head = new byte[512];
  private long count;

  public BoundedInput(InputStream in, long most) {
    super(in);
    this.most = most;
  }

  /** How many bytes were read. */
  public long count() {
    return count;
  }

  /** The first bytes, as text. */
  public String head() {
    return new String(head, 0, (int) Math.min(count, head.length), StandardCharsets.UTF_8);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int allowed = (int) Math.min(length, most - count);
    if (allowed == 0) {
      if (in.read() < 0) {
        return -1;
      }
      throw new TooLargeException(most);
    }
    int read = in.read(into, offset, allowed);
    if (read > 0) {
      if (count < head.length) {
        int kept = (int) Math.min(read, head.length - count);
        System.arraycopy(into, offset, head, (int) count, kept);
      }
      count += read;
    }
    return read;
  }

  @Override
  public long skip(long n) throws IOException {
    return n <= 0 ? 0 : read(new byte[(int) Math.min(n, 8192)]);
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /** The answer is larger than the bound. */
  public static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    public TooLargeException(long most) {
      super("more than " + most + " bytes");
    }
  }
}
