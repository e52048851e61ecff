package dev.twoqueue.gate.internal;

import dev.twoqueue.gate.CpuQuota;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The tightest CPU quota of this process's control group and its ancestors: {@code cpu.max} of
 * version 2, {@code cpu.cfs_quota_us} of version 1. What a container does not see, a quota of a
 * group above it, it is not told. Thread-safe.
 */
final class CpuQuotas {
  private final Path root;
  private final GroupFolders cpu;
  private final GroupFolders account;

  CpuQuotas(Path root) {
    this.root = root;
    this.cpu = new GroupFolders(root, "cpu");
    this.account = new GroupFolders(root, "cpuacct");
  }

  Optional<CpuQuota> tightest() throws IOException {
    try {
      Optional<GroupFolders.Chain> chain = cpu.find();
      return chain.isEmpty() ? Optional.empty() : tightest(chain.get());
    } catch (IOException e) {
      cpu.forget();
      account.forget();
      throw e;
    }
  }

  private Optional<CpuQuota> tightest(GroupFolders.Chain chain) throws IOException {
    double least = Double.POSITIVE_INFINITY;
    int at = 0;
    for (int i = 0; i < chain.folders().size(); i++) {
      Path folder = chain.folders().get(i);
      OptionalDouble cores = chain.v2() ? coresV2(folder) : coresV1(folder);
      if (cores.orElse(Double.POSITIVE_INFINITY) < least) {
        least = cores.getAsDouble();
        at = i;
      }
    }
    return least == Double.POSITIVE_INFINITY
        ? Optional.empty()
        : Optional.of(
            new CpuQuota(
                least,
                chain.v2() ? usedV2(chain.folders().get(at)) : usedV1(chain, at),
                group(chain, at)));
  }

  /** {@code max 100000} or {@code 200000 100000}: time in each period, in µs. */
  private static OptionalDouble coresV2(Path folder) throws IOException {
    Path file = folder.resolve("cpu.max");
    String[] words = SmallFile.read(file).map(String::strip).orElse("max").split(" ", -1);
    if (words[0].equals("max")) {
      return OptionalDouble.empty();
    }
    return cores(words[0], words.length > 1 ? words[1] : "100000", file);
  }

  private static OptionalDouble coresV1(Path folder) throws IOException {
    Path file = folder.resolve("cpu.cfs_quota_us");
    Optional<String> quota = SmallFile.read(file).map(String::strip);
    return quota.isEmpty() || quota.get().equals("-1")
        ? OptionalDouble.empty()
        : cores(quota.get(), SmallFile.required(folder.resolve("cpu.cfs_period_us")), file);
  }

  private static OptionalDouble cores(String quota, String period, Path file) throws IOException {
    double cores = (double) SmallFile.parse(quota, file) / SmallFile.parse(period, file);
    if (!(cores > 0) || Double.isInfinite(cores)) {
      throw new IOException("not a CPU quota in " + file + ": " + quota + " of " + period.strip());
    }
    return OptionalDouble.of(cores);
  }

  private static OptionalLong usedV2(Path folder) throws IOException {
    Path file = folder.resolve("cpu.stat");
    Optional<String> text = SmallFile.read(file);
    OptionalLong micros =
        text.isEmpty() ? OptionalLong.empty() : SmallFile.number(text.get(), "usage_usec ", file);
    return micros.isEmpty()
        ? micros
        : OptionalLong.of(Math.multiplyExact(micros.getAsLong(), 1000L));
  }

  /** Another controller, often mounted elsewhere; the same group only where both reach as far. */
  private OptionalLong usedV1(GroupFolders.Chain chain, int at) throws IOException {
    Optional<GroupFolders.Chain> accounts = account.find();
    if (accounts.isEmpty() || accounts.get().folders().size() != chain.folders().size()) {
      return OptionalLong.empty();
    }
    Path file = accounts.get().folders().get(at).resolve("cpuacct.usage");
    Optional<String> nanos = SmallFile.read(file);
    return nanos.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(SmallFile.parse(nanos.get(), file));
  }

  /** As {@code /proc/<pid>/cgroup} names it: this process's path, so many steps up. */
  private String group(GroupFolders.Chain chain, int steps) throws IOException {
    String own = path(SmallFile.required(root.resolve("proc/self/cgroup")), chain.v2()).orElse("/");
    for (int i = 0; i < steps && own.length() > 1; i++) {
      own = own.substring(0, Math.max(1, own.lastIndexOf('/')));
    }
    return own;
  }

  private static Optional<String> path(String groups, boolean v2) {
    return GroupFolders.path(groups, v2 ? "" : "cpu");
  }

  boolean isUnder(long pid, CpuQuota quota) {
    try {
      Optional<String> groups = SmallFile.read(root.resolve("proc/" + pid + "/cgroup"));
      Optional<String> path = groups.flatMap(it -> path(it, path(it, false).isEmpty()));
      String below = quota.group().endsWith("/") ? quota.group() : quota.group() + "/";
      return path.filter(it -> (it + "/").startsWith(below)).isPresent();
    } catch (IOException e) {
      return false;
    }
  }
}
