/** That the benchmarks run and what they conclude; never how long anything takes. */
@NullMarked
package dev.twoqueue.benchmarks;

import org.jspecify.annotations.NullMarked;
