package dev.twoqueue;

/**
 * One line of a memory budget.
 *
 * <p>The constructor throws {@link IllegalArgumentException} when the name is blank or the size
 * negative.
 *
 * @param name what it is for: "weights", "KV cache", "operating system"
 * @param bytes how much
 */
public record MemoryPart(String name, long bytes) {
  public MemoryPart {
    Arguments.notBlank(name, "name");
    Arguments.notNegative(bytes, "bytes");
  }
}
