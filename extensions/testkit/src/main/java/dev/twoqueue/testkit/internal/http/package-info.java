/**
 * A small HTTP/1.1 server that can misbehave. The JDK's own can neither notice that a client went
 * away while its request is worked on, nor reset, hang or break off an answer; both are what a
 * model server's client must be tested against. Beside it, what mock servers of others lack.
 */
@NullMarked
package dev.twoqueue.testkit.internal.http;

import org.jspecify.annotations.NullMarked;
