package dev.twoqueue.gate.classify;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a request goes.
 *
 * @param host in lower case, without port, user and brackets
 * @param path decoded, without dot segments and doubled slashes
 * @param query as written, without its question mark
 */
record Address(String host, String path, String query) {
  private static final Pattern URL =
      Pattern.compile(
          "(?:([A-Za-z][A-Za-z0-9+.-]*)://)?([^/\\\\?#]*)([^?#]*)(?:\\?([^#]*))?(?:#.*)?");
  private static final Pattern AUTHORITY =
      Pattern.compile(
          "(?:[^@]*@)?(?:\\[([0-9A-Fa-f:.]+)(?:%[\\w.]*)?\\]|([A-Za-z0-9._-]*))(?::(\\d*))?");

  /** Empty where the text is no address, or one that programs read in different ways. */
  static Optional<Address> of(String text) {
    Matcher url = URL.matcher(text.strip());
    if (text.length() > 16 * 1024 || !url.matches()) {
      return Optional.empty();
    }
    Matcher authority = AUTHORITY.matcher(url.group(2));
    if (!authority.matches() || url.group(2).indexOf('@') != url.group(2).lastIndexOf('@')) {
      return Optional.empty();
    }
    String host = authority.group(1) != null ? authority.group(1) : authority.group(2);
    String query = url.group(4) == null ? "" : url.group(4);
    return decoded(url.group(3).replace('\\', '/'))
        .map(path -> new Address(plain(host), withoutDots(path), query));
  }

  private static String plain(String host) {
    String name = host.isEmpty() ? "localhost" : host.toLowerCase(Locale.ROOT);
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  private static Optional<String> decoded(String text) {
    try {
      return Optional.of(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String withoutDots(String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return "/" + String.join("/", parts);
  }

  Set<String> parameters() {
    Set<String> names = new TreeSet<>();
    for (String part : query.split("&", -1)) {
      names.add(part.split("=", 2)[0]);
    }
    return names;
  }

  List<String> values(String name) {
    List<String> values = new ArrayList<>();
    for (String part : query.split("&", -1)) {
      String[] pair = part.split("=", 2);
      if (pair.length == 2 && pair[0].equals(name)) {
        values.add(decoded(pair[1]).orElse(pair[1]));
      }
    }
    return values;
  }
}
