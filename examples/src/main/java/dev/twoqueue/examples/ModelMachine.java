package dev.twoqueue.examples;

import dev.twoqueue.gate.DiskGate;
import dev.twoqueue.gate.HostGates;
import dev.twoqueue.gate.HostMemory;
import dev.twoqueue.gate.MemoryGate;
import dev.twoqueue.gate.MemorySource;
import dev.twoqueue.gate.memory.MemoryState;
import dev.twoqueue.ollama.InstalledModel;
import dev.twoqueue.ollama.OllamaClient;
import dev.twoqueue.testkit.ollama.SimulatedMachine;
import dev.twoqueue.testkit.ollama.SimulatedModel;
import dev.twoqueue.testkit.ollama.SimulatedOllama;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The machine with the model server: simulated, or this one with a real Ollama. */
final class ModelMachine implements AutoCloseable {
  private static final long GIB = 1L << 30;

  /** What macOS, the applications and the agents took that morning. */
  private static final long IN_USE = 14 * GIB;

  /** How much of that was wired. */
  private static final long KERNEL = 4 * GIB;

  final OllamaClient client;
  final String description;

  /** The big model that is loaded, and asked. */
  final String big;

  /** The other model that is asked. */
  final String other;

  /** What is to be pulled; empty with a real server, which is not made to download unasked. */
  final List<SimulatedModel> pulls;

  private final @Nullable SimulatedOllama simulated;

  private ModelMachine(
      OllamaClient client,
      String description,
      String big,
      String other,
      List<SimulatedModel> pulls,
      @Nullable SimulatedOllama simulated) {
    this.client = client;
    this.description = description;
    this.big = big;
    this.other = other;
    this.pulls = pulls;
    this.simulated = simulated;
  }

  /** 96 GiB of unified memory and a disk of 512 GB, as the workstation had. */
  static ModelMachine simulated(double speed) {
    List<SimulatedModel> pulls =
        List.of(SimulatedModel.of("qwen3:30b-a3b"), SimulatedModel.of("gpt-oss:20b"));
    SimulatedOllama server =
        SimulatedOllama.builder()
            .model(SimulatedModel.of("llama3.3:70b"), SimulatedModel.of("qwen2.5:72b"))
            .pullable(pulls.toArray(SimulatedModel[]::new))
            .memory(96 * GIB, IN_USE)
            .disk(512_000_000_000L, 260_000_000_000L)
            .pullBytesPerSecond(250e6)
            .timeScale(1 / speed)
            .start();
    return new ModelMachine(
        OllamaClient.connect(server.url()),
        "a simulated Ollama on a simulated machine with 96 GiB of unified memory and 512 GB of"
            + " disk; a minute there takes "
            + Math.round(60 / speed * 10) / 10.0
            + " s here",
        "llama3.3:70b",
        "qwen2.5:72b",
        pulls,
        server);
  }

  /** A server that its user runs, with models that are installed. */
  static ModelMachine real(Optional<String> address, List<String> wanted) {
    OllamaClient client = address.map(OllamaClient::connect).orElseGet(OllamaClient::connect);
    try {
      List<String> models = wanted.isEmpty() ? bySize(client) : wanted;
      if (models.size() < 2) {
        throw new IllegalStateException(
            "two models are needed and "
                + models.size()
                + " is there: pull one more, or name them with --models");
      }
      return new ModelMachine(
          client,
          "the Ollama " + client.version() + " at " + client.address() + ", on this machine",
          models.get(0),
          models.get(1),
          List.of(),
          null);
    } catch (RuntimeException broken) {
      client.close();
      throw broken;
    }
  }

  /** Chat models have no "embed" in their names; the API does not tell them apart before 0.30. */
  private static List<String> bySize(OllamaClient client) {
    return client.tags().stream()
        .filter(model -> !model.name().contains("embed"))
        .sorted(Comparator.comparingLong(InstalledModel::sizeBytes).reversed())
        .map(InstalledModel::name)
        .limit(3)
        .toList();
  }

  boolean isSimulated() {
    return simulated != null;
  }

  Optional<SimulatedMachine> simulatedMachine() {
    return Optional.ofNullable(simulated).map(SimulatedOllama::machine);
  }

  List<String> loads() {
    return simulated == null ? List.of() : simulated.activity().loads();
  }

  /** Memory and disk of the machine that the models are on. */
  void addGates(HostGates.Builder gates) {
    if (simulated == null) {
      return; // the defaults are this machine's
    }
    SimulatedMachine machine = simulated.machine();
    gates.memory(MemoryGate.of(memory(machine)));
    gates.disk(DiskGate.of(path -> OptionalLong.of(machine.diskFree())));
  }

  /** The simulated machine's budget as macOS would count it: models that are resident are wired. */
  static MemorySource memory(SimulatedMachine machine) {
    return HostMemory.of(
        () ->
            MemoryState.appleSilicon(
                machine.memoryBytes(),
                machine.memoryUsed(),
                Math.max(0, machine.memoryUsed() - IN_USE) + KERNEL));
  }

  @Override
  public void close() {
    client.close();
    if (simulated != null) {
      simulated.close();
    }
  }
}
