package dev.twoqueue.gate.classify;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells which names and numbers are this machine. */
record Hosts(Set<String> own, List<Glob> here, List<Glob> elsewhere) {
  enum Place {
    /** This machine, or one that may be it: a private address, a name of the local network. */
    HERE,
    /** A machine of the host's, by a name that is not this one's. */
    ELSEWHERE,
    PUBLIC,
    UNKNOWN;

    /** Whether it is certainly another machine. */
    boolean isElsewhere() {
      return this == ELSEWHERE || this == PUBLIC;
    }
  }

  private static final Pattern IPV4 =
      Pattern.compile("(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.\\d{1,3}\\.\\d{1,3}");
  private static final Pattern NUMBER =
      Pattern.compile("(0x[0-9a-f]+|\\d+)(\\.(0x[0-9a-f]+|\\d+))*");

  Place of(String host) {
    String labels = labels(host);
    if (own.contains(host) || here.stream().anyMatch(glob -> glob.matches(labels))) {
      return Place.HERE;
    }
    if (elsewhere.stream().anyMatch(glob -> glob.matches(labels))) {
      return Place.ELSEWHERE;
    }
    if (host.indexOf(':') >= 0) {
      return isPublicIpv6(host) ? Place.PUBLIC : Place.HERE;
    }
    Matcher ipv4 = IPV4.matcher(host);
    if (ipv4.matches()) {
      return isPublicIpv4(Integer.parseInt(ipv4.group(1)), Integer.parseInt(ipv4.group(2)))
          ? Place.PUBLIC
          : Place.HERE;
    }
    if (NUMBER.matcher(host).matches()) {
      return Place.UNKNOWN; // 127.1 or 2130706433: programs read them in different ways
    }
    return host.indexOf('.') < 0 ? Place.ELSEWHERE : isWithinDomain(host);
  }

  /** A host's name as globs compare it: one star stands for one label. */
  static String labels(String host) {
    return host.replace('.', '/');
  }

  private static Place isWithinDomain(String host) {
    String top = host.substring(host.lastIndexOf('.') + 1);
    return Set.of("lan", "home", "internal", "localdomain", "arpa", "test", "invalid").contains(top)
        ? Place.UNKNOWN
        : Place.PUBLIC;
  }

  private static boolean isPublicIpv4(int first, int second) {
    return !(first == 0
        || first == 10
        || first == 127
        || (first == 100 && second >= 64 && second < 128)
        || (first == 169 && second == 254)
        || (first == 172 && second >= 16 && second < 32)
        || (first == 192 && second == 168));
  }

  /** Global unicast alone: not loopback, link-local, unique local, or IPv4 in disguise. */
  private static boolean isPublicIpv6(String host) {
    return host.matches("[23][0-9a-f]{3}:.*") && host.indexOf('.') < 0;
  }
}
