package dev.twoqueue.gate;

import dev.twoqueue.gate.internal.Arguments;
import java.util.OptionalLong;

/**
 * The file system that takes what is written to a path.
 *
 * @param exists whether the path itself exists; otherwise this is its nearest ancestor's file
 *     system
 * @param usableBytes what may still be taken; empty when the system does not tell
 * @param name what it is on, a device or a share; empty when unknown
 * @param type {@code ext4}, {@code apfs}, {@code nfs4} and so on; empty when unknown
 * @param readOnly whether it takes no writes
 * @param quotas whether it keeps quotas that {@code usableBytes} may not show
 */
public record DiskState(
    boolean exists,
    OptionalLong usableBytes,
    String name,
    String type,
    boolean readOnly,
    boolean quotas) {

  public DiskState {
    Arguments.notNull(usableBytes, "usableBytes");
    Arguments.notNull(name, "name");
    Arguments.notNull(type, "type");
  }

  /**
   * A file system of which only the space is known.
   *
   * @param usableBytes what may still be taken; empty when unknown
   * @return its state: there, writable, without quotas
   */
  public static DiskState of(OptionalLong usableBytes) {
    return new DiskState(true, usableBytes, "", "", false, false);
  }

  /** Whether it is another machine's disk. */
  boolean isNetwork() {
    return type.matches(
        "nfs\\d?|cifs|smb\\w*|afpfs|webdav|9p|ceph|lustre|glusterfs|fuse\\.(sshfs|s3fs|rclone|glusterfs)");
  }
}
