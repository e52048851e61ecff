package dev.twoqueue.ollama;

import dev.twoqueue.LocalKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the builder collected. */
record ClientSettings(
    OllamaTimeouts timeouts,
    long maxAnswerBytes,
    long maxLargeAnswerBytes,
    Set<ModelName> alwaysResident,
    OptionalInt context,
    KeepAlive workerKeepAlive,
    Duration lingerAfterClose,
    ServerAssumptions server,
    Map<LocalKind, Long> assumedMemory,
    @Nullable Path modelsDirectory) {}
