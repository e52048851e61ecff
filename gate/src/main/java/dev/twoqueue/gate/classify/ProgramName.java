package dev.twoqueue.gate.classify;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a command's first word names.
 *
 * @param name the base name in lower case, without a suffix that only says how it is started
 * @param bare the name without the suffix of a script; the same where there is none
 * @param kind how it is started
 */
record ProgramName(String name, String bare, Kind kind) {
  enum Kind {
    /** A program that the system finds, or one of the folders for programs. */
    INSTALLED,
    /** A file somewhere: it may be anything, whatever it is called. */
    FILE,
    MODULE,
    IMAGE
  }

  private static final Pattern STARTER = Pattern.compile("\\.(exe|bat|cmd|com)$");
  private static final Pattern SCRIPT =
      Pattern.compile("\\.(py|pyw|sh|bash|zsh|js|mjs|cjs|ts|rb|pl|php|ps1)$");

  static ProgramName of(String word) {
    String path = word.replace('\\', '/');
    int slash = path.lastIndexOf('/');
    String name = path.substring(slash + 1).toLowerCase(Locale.ROOT);
    String base = STARTER.matcher(name).replaceFirst("");
    boolean isInstalled = slash < 0 || path.matches("(?i)(/|[a-z]:/)(.*/)?s?bin/[^/]+");
    return new ProgramName(base, bare(base), isInstalled ? Kind.INSTALLED : Kind.FILE);
  }

  static ProgramName module(String module) {
    String name = module.toLowerCase(Locale.ROOT);
    String main = ".__main__";
    String base = name.endsWith(main) ? name.substring(0, name.length() - main.length()) : name;
    return new ProgramName(base, base, Kind.MODULE);
  }

  static ProgramName file(String word) {
    ProgramName name = of(word);
    return new ProgramName(name.name, name.bare, Kind.FILE);
  }

  /** The name of an image, without its registry, tag and digest. */
  static ProgramName image(String image) {
    String name = image.toLowerCase(Locale.ROOT).replaceFirst("@.*$", "");
    String base = name.substring(name.lastIndexOf('/') + 1).replaceFirst(":.*$", "");
    return new ProgramName("image:" + base, "image:" + base, Kind.IMAGE);
  }

  private static String bare(String name) {
    return SCRIPT.matcher(name).replaceFirst("");
  }

  /** Whether a program of the rules is this one, by its whole name. */
  boolean is(Program program) {
    return program.names().matches(name) && (!program.isTool() || kind == Kind.INSTALLED);
  }

  /**
   * Whether it is one but for its suffix. {@code git.py} need not be git, so such a match can tell
   * that it is heavy, but not that it is light.
   */
  boolean maybe(Program program) {
    return !bare.equals(name) && !program.isTool() && program.names().matches(bare);
  }
}
