package dev.twoqueue.testkit.internal.http;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A request, read to its end. */
public final class HttpRequest {
  private final String method;
  private final String target;
  private final String version;
  private final Map<String, String> headers;
  private final byte[] body;

  HttpRequest(
      String method, String target, String version, Map<String, String> headers, byte[] body) {
    this.method = method;
    this.target = target;
    this.version = version;
    TreeMap<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    byName.putAll(headers);
    this.headers = Collections.unmodifiableMap(byName);
    this.body = body;
  }

  /**
   * The method.
   *
   * @return in capitals
   */
  public String method() {
    return method;
  }

  /**
   * The path, without query.
   *
   * @return begins with a slash
   */
  public String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /**
   * One header.
   *
   * @param name in any case
   * @return its value, empty when it is absent
   */
  public String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /**
   * The body.
   *
   * @return not a copy
   */
  public byte[] body() {
    return body;
  }

  boolean wantsClose() {
    String connection = header("Connection").toLowerCase(Locale.ROOT);
    return connection.contains("close")
        || (version.equals("HTTP/1.0") && !connection.contains("keep-alive"));
  }
}
