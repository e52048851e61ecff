package dev.twoqueue.gate.classify;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a command's first word names.
 *
 * @param name the base name in lower case, without a suffix that only says how it is started
 * @param bare the name without the suffix of a script; the same where there is none
 * @param inFolder the name behind that of its folder; the same where none is given
 * @param kind how it is started
 */
record ProgramName(String name, String bare, String inFolder, Kind kind) {
  enum Kind {
    /** A program that the system finds, or one of the folders for programs. */
    INSTALLED,
    /** A file somewhere: it may be anything, whatever it is called. */
    FILE,
    MODULE,
    IMAGE
  }

  private static final Pattern STARTER = Pattern.compile("\\.(exe|bat|cmd|com)$");

  /** {@code jest@29}, {@code ruff==0.5}. */
  private static final Pattern VERSION = Pattern.compile("(?<=.)(@|==)[\\w.^~-]*$");

  private static final Pattern SCRIPT =
      Pattern.compile("\\.(py|pyw|sh|bash|zsh|js|mjs|cjs|ts|rb|pl|php|ps1)$");

  static ProgramName of(String word) {
    String path = word.replace('\\', '/');
    int slash = path.lastIndexOf('/');
    String name = path.substring(slash + 1).toLowerCase(Locale.ROOT);
    String base = VERSION.matcher(STARTER.matcher(name).replaceFirst("")).replaceFirst("");
    boolean isInstalled = slash < 0 || path.matches("(?i)(/|[a-z]:/)(.*/)?s?bin/[^/]+");
    String folder = slash < 0 ? "" : path.substring(path.lastIndexOf('/', slash - 1) + 1, slash);
    return new ProgramName(
        base,
        bare(base),
        folder.isEmpty() ? base : folder.toLowerCase(Locale.ROOT) + "/" + base,
        isInstalled ? Kind.INSTALLED : Kind.FILE);
  }

  static ProgramName module(String module) {
    String name = module.toLowerCase(Locale.ROOT);
    String main = ".__main__";
    String base = name.endsWith(main) ? name.substring(0, name.length() - main.length()) : name;
    return new ProgramName(base, base, base, Kind.MODULE);
  }

  static ProgramName file(String word) {
    ProgramName name = of(word);
    return new ProgramName(name.name, name.bare, name.inFolder, Kind.FILE);
  }

  /** The name of an image, without its registry, tag and digest. */
  static ProgramName image(String image) {
    String name = image.toLowerCase(Locale.ROOT).replaceFirst("@.*$", "");
    String base = name.substring(name.lastIndexOf('/') + 1).replaceFirst(":.*$", "");
    String named = "image:" + base;
    return new ProgramName(named, named, named, Kind.IMAGE);
  }

  private static String bare(String name) {
    return SCRIPT.matcher(name).replaceFirst("");
  }

  /** Whether a program of the rules is this one, by its whole name. */
  boolean is(Program program) {
    boolean isNamed = program.names().matches(name) || program.names().matches(inFolder);
    return isNamed && (!program.isTool() || kind == Kind.INSTALLED);
  }

  /**
   * Whether it is one but for its suffix. {@code git.py} need not be git, so such a match can tell
   * that it is heavy, but not that it is light.
   */
  boolean maybe(Program program) {
    return !bare.equals(name) && !program.isTool() && program.names().matches(bare);
  }
}
