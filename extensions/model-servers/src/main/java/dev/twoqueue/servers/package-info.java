/**
 * The local model servers beside Ollama: what is resident on each, how a model is evicted, loaded
 * and unloaded, and one view of several servers that run side by side on one machine.
 *
 * <p>Start at {@link dev.twoqueue.servers.LmStudio}, {@link dev.twoqueue.servers.LlamaServer},
 * {@link dev.twoqueue.servers.LlamaSwap} or {@link dev.twoqueue.servers.LocalAi}, and at {@link
 * dev.twoqueue.servers.ModelServers} where there is more than one.
 */
@NullMarked
package dev.twoqueue.servers;

import org.jspecify.annotations.NullMarked;
