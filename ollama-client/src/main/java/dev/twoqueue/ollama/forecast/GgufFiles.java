package dev.twoqueue.ollama.forecast;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A model in one GGUF file, or in several named {@code …-00001-of-0000N.gguf}. */
public final class GgufFiles {
  private static final Pattern SPLIT = Pattern.compile("(.*)-([0-9]{5})-of-([0-9]{5})\\.gguf");
  private static final int MOST_FILES = 1000;

  private GgufFiles() {}

  /**
   * Reads a model's metadata from the header of its file, or of all its files: keys from the first,
   * sizes from all. No tensor is read. Blocks for the time that takes.
   *
   * @param file the file; of several, any one
   * @return the metadata
   * @throws IOException when a file is missing or cannot be read
   * @throws GgufException when a header is damaged or exceeds a limit; it names the key and the
   *     offset
   * @throws MetadataException when the keys do not tell what a forecast needs
   */
  public static ModelMetadata read(Path file) throws IOException, GgufException, MetadataException {
    Path name = Objects.requireNonNull(file, "file must not be null").getFileName();
    Matcher split = SPLIT.matcher(String.valueOf(name));
    int files = split.matches() ? Integer.parseInt(split.group(3)) : 1;
    if (!split.matches() || files < 2) {
      return metadata(GgufReader.read(file));
    }
    if (files > MOST_FILES) {
      throw new GgufException("file name", 0, "says that there are " + files + " files");
    }
    GgufHeader all = null;
    for (int i = 1; i <= files; i++) {
      String part = String.format(Locale.ROOT, "%s-%05d-of-%05d.gguf", split.group(1), i, files);
      GgufHeader header = GgufReader.read(file.resolveSibling(part));
      all = all == null ? header : joined(all, header);
    }
    return metadata(Objects.requireNonNull(all));
  }

  private static GgufHeader joined(GgufHeader first, GgufHeader next) {
    TensorSummary a = first.tensors();
    TensorSummary b = next.tensors();
    long embedding = Math.max(a.tokenEmbedding(), b.tokenEmbedding());
    // The embedding is in one file; the output layer, if any, may be in another.
    boolean tied =
        embedding > 0 && (a.tied() || b.tied()) && !first.hasOutput() && !next.hasOutput();
    return new GgufHeader(
        first.info(),
        new TensorSummary(a.total() + b.total(), embedding, tied),
        first.hasOutput() || next.hasOutput(),
        first.fileBytes() + next.fileBytes());
  }

  private static ModelMetadata metadata(GgufHeader header) throws MetadataException {
    return ModelMetadata.of(header.info(), header.tensors(), Math.max(1, header.fileBytes()));
  }
}
