package dev.twoqueue.gate.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

@NullUnmarked // nulls are passed on purpose, and fields set by JUnit
class FileSystemsTest {
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  private final FileSystems systems = new FileSystems(Path.of("/proc/self/mounts"));

  @TempDir Path folder;

  private long usable(Path path) throws IOException {
    return systems.state(path).usableBytes().orElseThrow();
  }

  @Test
  void a_path_that_does_not_exist_is_on_the_file_system_of_its_nearest_ancestor()
      throws IOException {
    FileStore store = Files.getFileStore(folder);

    long usable = usable(folder.resolve("not/yet/there"));

    // Others write to the same disk meanwhile.
    assertTrue(Math.abs(usable - store.getUsableSpace()) < 2_000_000_000L);
    assertTrue(usable <= store.getTotalSpace());
  }

  @Test
  void a_relative_path_is_taken_from_where_the_host_runs() throws IOException {
    assertTrue(usable(Path.of("not", "there")) >= 0);
  }

  /** As Windows' file stores: the name is the label. */
  private static final class Drive extends FileStore {
    private final String printed;

    Drive(String printed) {
      this.printed = printed;
    }

    @Override
    public String name() {
      return "";
    }

    @Override
    public String type() {
      return "NTFS";
    }

    @Override
    public boolean isReadOnly() {
      return false;
    }

    @Override
    public long getTotalSpace() {
      return 0;
    }

    @Override
    public long getUsableSpace() {
      return 0;
    }

    @Override
    public long getUnallocatedSpace() {
      return 0;
    }

    @Override
    public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
      return false;
    }

    @Override
    public boolean supportsFileAttributeView(String name) {
      return name.equals("dos");
    }

    @Override
    public <V extends FileStoreAttributeView> @Nullable V getFileStoreAttributeView(Class<V> type) {
      return null;
    }

    @Override
    public Object getAttribute(String attribute) {
      throw new UnsupportedOperationException(attribute);
    }

    @Override
    public String toString() {
      return printed;
    }
  }

  @Test
  void drives_with_the_same_label_have_names_of_their_own() throws IOException {
    assertEquals("(D:)", FileSystems.name(new Drive(" (D:)")));
    FileStore here = Files.getFileStore(folder);
    assertEquals(here.name(), FileSystems.name(here));
  }

  static boolean isSeparateFileSystem() throws IOException {
    return Files.isDirectory(SHARED_MEMORY)
        && !Files.getFileStore(SHARED_MEMORY).equals(Files.getFileStore(Path.of("/")));
  }

  @Test
  @EnabledIf("isSeparateFileSystem")
  void the_file_system_of_the_path_is_asked_and_no_other() throws IOException {
    long total = Files.getFileStore(SHARED_MEMORY).getTotalSpace();

    long usable = usable(SHARED_MEMORY.resolve("models"));

    assertTrue(usable <= total);
    assertEquals(
        Files.getFileStore(SHARED_MEMORY).getUsableSpace() / 1_000_000_000, usable / 1_000_000_000);
  }
}
