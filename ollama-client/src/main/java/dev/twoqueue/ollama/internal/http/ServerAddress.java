package dev.twoqueue.ollama.internal.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import okhttp3.HttpUrl;

/** Reads the address of a server in the forms that people write. */
public final class ServerAddress {
  private ServerAddress() {}

  /**
   * {@code host}, {@code host:port}, {@code :port}, {@code scheme://host[:port][/path]}, with an
   * IPv6 address in brackets or bare. A server that listens on all addresses is reached on
   * loopback.
   *
   * @param value not blank
   * @param name what it is, for errors
   * @param defaultPort where the text has neither a scheme nor a port
   * @return with a path that ends in a slash
   * @throws IllegalArgumentException when it is no address
   */
  public static HttpUrl parse(String value, String name, int defaultPort) {
    String text = unquoted(value);
    int schemeEnd = text.indexOf("://");
    String scheme = schemeEnd < 0 ? "http" : text.substring(0, schemeEnd).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException(name + " must be http or https, was '" + text + "'");
    }
    String rest = schemeEnd < 0 ? text : text.substring(schemeEnd + 3);
    int slash = rest.indexOf('/');
    String path = slash < 0 ? "/" : rest.substring(slash);
    String hostPort = slash < 0 ? rest : rest.substring(0, slash);
    int port = schemeEnd < 0 ? defaultPort : HttpUrl.defaultPort(scheme);
    String host = hostPort;
    int colon = portColon(hostPort);
    if (colon >= 0) {
      host = hostPort.substring(0, colon);
      port = port(hostPort.substring(colon + 1), text, name);
    }
    host = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    try {
      return new HttpUrl.Builder()
          .scheme(scheme)
          .host(loopbackForAny(host))
          .port(port)
          .encodedPath(path.endsWith("/") ? path : path + "/")
          .build();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + " is no address: '" + text + "'", e);
    }
  }

  /** The same as a URI. */
  public static URI uri(HttpUrl url) {
    try {
      return new URI(url.toString());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("not a URI: " + url, e);
    }
  }

  /** Whether it is this machine. */
  public static boolean isLoopback(HttpUrl url) {
    String host = url.host();
    return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
  }

  /** Where the port begins; a bare IPv6 address has none. */
  private static int portColon(String hostPort) {
    int bracket = hostPort.lastIndexOf(']');
    int colon = hostPort.lastIndexOf(':');
    if (colon <= bracket) {
      return -1;
    }
    boolean bareIpv6 = bracket < 0 && hostPort.indexOf(':') != colon;
    return bareIpv6 ? -1 : colon;
  }

  private static int port(String text, String whole, String name) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " has no valid port: '" + whole + "'", e);
    }
    throw new IllegalArgumentException(name + " has no valid port: '" + whole + "'");
  }

  private static String loopbackForAny(String host) {
    return switch (host) {
      case "", "0.0.0.0" -> "127.0.0.1";
      case "::", "0:0:0:0:0:0:0:0" -> "::1";
      default -> host;
    };
  }

  /** Without the quotes that shells and service files leave around a value. */
  public static String unquoted(String value) {
    String text = value.strip();
    boolean quoted =
        text.length() >= 2
            && (text.charAt(0) == '"' || text.charAt(0) == '\'')
            && text.charAt(text.length() - 1) == text.charAt(0);
    return quoted ? text.substring(1, text.length() - 1).strip() : text;
  }
}
