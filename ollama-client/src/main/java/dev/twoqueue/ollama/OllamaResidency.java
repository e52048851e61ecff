package dev.twoqueue.ollama;

import dev.twoqueue.Evictor;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidencyProbe;
import dev.twoqueue.ResidentModel;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What {@code /api/ps} shows, in the scheduler's words. */
final class OllamaResidency implements ResidencyProbe {
  private final OllamaClient client;
  private final ClientSettings settings;
  private final ModelCatalogue catalogue;
  private final WorkerRequests workers;

  OllamaResidency(
      OllamaClient client,
      ClientSettings settings,
      ModelCatalogue catalogue,
      WorkerRequests workers) {
    this.client = client;
    this.settings = settings;
    this.catalogue = catalogue;
    this.workers = workers;
  }

  @Override
  public Residency observe() {
    List<RunningModel> running;
    try {
      running = client.ps();
    } catch (OllamaException e) {
      return Residency.unknown(String.valueOf(e.getMessage()));
    }
    return Residency.of(running.stream().map(this::resident).toList());
  }

  @Override
  public ResidencyKey normalise(ResidencyKey key) {
    return new ResidencyKey(normalName(key.model()), key.runnerOptions());
  }

  @Override
  public Optional<Evictor> evictor() {
    return Optional.of(client.evictor());
  }

  /** The normal form; a name that Ollama would not take is only lower-cased. */
  static String normalName(String name) {
    try {
      return ModelName.parse(name).toString();
    } catch (IllegalArgumentException foreign) {
      return name.toLowerCase(Locale.ROOT);
    }
  }

  private ResidentModel resident(RunningModel model) {
    String name = normalName(model.name());
    Optional<Instant> expires = model.isPinned() ? Optional.empty() : model.expiresAt();
    return new ResidentModel(name, options(name, model), model.sizeBytes(), role(model), expires);
  }

  /**
   * The server cuts a context down to what the model was made for, but compares the next request's
   * with the one that was asked for. So where our own last request asked for more than the model
   * can have, what it asked for is what it runs with.
   */
  private Map<String, String> options(String name, RunningModel model) {
    if (model.contextLength().isEmpty()) {
      return Map.of();
    }
    long context = model.contextLength().getAsLong();
    OptionalInt asked = workers.context(name);
    boolean cut =
        asked.isPresent()
            && asked.getAsInt() > context
            && catalogue.trainedContext(model.digest()).orElse(-1) == context;
    return Map.of(ModelOptions.NUM_CTX, Long.toString(cut ? asked.getAsInt() : context));
  }

  /** Encoders of the BERT family cannot generate, so no local job can need one as its worker. */
  private ResidentModel.Role role(RunningModel model) {
    boolean named =
        settings.alwaysResident().stream()
            .anyMatch(always -> always.toString().equals(normalName(model.name())));
    boolean encoder = model.family().toLowerCase(Locale.ROOT).contains("bert");
    return named || encoder ? ResidentModel.Role.ALWAYS_RESIDENT : ResidentModel.Role.WORKER;
  }
}
