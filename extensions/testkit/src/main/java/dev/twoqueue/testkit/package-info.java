/**
 * What a host needs to test its own orchestration: time turned by hand, and a witness of the rule
 * that counts inside the bodies.
 *
 * <p>Nothing here accepts or returns {@code null} unless it is marked {@link
 * org.jspecify.annotations.Nullable}.
 */
@NullMarked
package dev.twoqueue.testkit;

import org.jspecify.annotations.NullMarked;
