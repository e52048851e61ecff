package dev.twoqueue.testkit.internal.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the requests of one connection. Everything a client sends is bounded. */
final class RequestReader {
  private static final int LONGEST_LINE = 16 * 1024;
  private static final int MOST_HEADERS = 200;
  private static final int LARGEST_BODY = 64 * 1024 * 1024;

  private final BufferedInputStream in;
  private final OutputStream out;

  RequestReader(InputStream in, OutputStream out) {
    this.in = new BufferedInputStream(in);
    this.out = out;
  }

  /** Waits for the next request's first byte; false when the client has closed its side. */
  boolean awaitNext() throws IOException {
    in.mark(1);
    int first = in.read();
    if (first < 0) {
      return false;
    }
    in.reset();
    return true;
  }

  HttpRequest read() throws IOException {
    List<String> words = List.of(line().split(" ", -1));
    if (words.size() != 3 || !words.get(2).startsWith("HTTP/1.")) {
      throw new ProtocolException("not a request line: " + words);
    }
    Map<String, String> headers = headers();
    return new HttpRequest(words.get(0), words.get(1), words.get(2), headers, body(headers));
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1 || headers.size() == MOST_HEADERS) {
        throw new ProtocolException("not a header: " + line);
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return headers;
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    boolean chunked = headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked");
    String length = headers.get("content-length");
    if (!chunked && length == null) {
      return new byte[0];
    }
    if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
    if (chunked || length == null) {
      return chunks();
    }
    return exactly(size(length, 10));
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String line = line();
      int extension = line.indexOf(';');
      int size = size(extension < 0 ? line : line.substring(0, extension), 16);
      if (size == 0) {
        while (!line().isEmpty()) {
          // Trailers say nothing to this server.
        }
        return body.toByteArray();
      }
      if (body.size() + size > LARGEST_BODY) {
        throw new ProtocolException("the body is longer than " + LARGEST_BODY + " bytes");
      }
      body.write(exactly(size));
      if (!line().isEmpty()) {
        throw new ProtocolException("a chunk is longer than it says");
      }
    }
  }

  private byte[] exactly(int size) throws IOException {
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException("the body ends after " + bytes.length + " of " + size + " bytes");
    }
    return bytes;
  }

  private static int size(String text, int radix) throws ProtocolException {
    try {
      int size = Integer.parseInt(text.strip(), radix);
      if (size >= 0 && size <= LARGEST_BODY) {
        return size;
      }
    } catch (NumberFormatException notANumber) {
      // Told below, as any other length that cannot be.
    }
    throw new ProtocolException("not a length: " + text);
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the request ends in a line");
      }
      if (line.size() == LONGEST_LINE) {
        throw new ProtocolException("a line is longer than " + LONGEST_LINE + " bytes");
      }
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }
}
