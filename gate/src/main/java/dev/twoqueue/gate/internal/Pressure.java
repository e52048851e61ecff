package dev.twoqueue.gate.internal;

import dev.twoqueue.gate.Stalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Linux's pressure stall information: {@code some avg10=… avg60=… avg300=… total=<µs>}. */
final class Pressure {
  private final Path folder;

  Pressure(Path folder) {
    this.folder = folder;
  }

  /** Empty where the kernel keeps none, or was told not to: it then refuses to read. */
  Optional<Stalls> read() throws IOException {
    if (!Files.isReadable(folder.resolve("cpu"))) {
      return Optional.empty();
    }
    return Optional.of(new Stalls(total("cpu"), total("io"), total("memory")));
  }

  private long total(String resource) throws IOException {
    Path file = folder.resolve(resource);
    String text = ProcFs.text(file, 256);
    String label = " total=";
    int start = text.indexOf(label) + label.length();
    int end = text.indexOf('\n', start);
    if (!text.startsWith("some ") || start < label.length() || end < 0) {
      throw new IOException("not pressure stall information: " + file);
    }
    try {
      return Math.multiplyExact(Long.parseLong(text.substring(start, end).strip()), 1000L);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IOException("not pressure stall information: " + file, e);
    }
  }
}
