package dev.twoqueue.servers;

import dev.twoqueue.Evictor;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidencyProbe;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.WorkingSetPredictor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Several model servers side by side on one machine, as one: what they hold adds up, and there is
 * one worker for the machine, so a worker on any server is evicted before another server's is
 * loaded. Safe for use by any thread.
 *
 * <p>A model's name is {@code SERVER/MODEL}, with the name that the server was given here; a name
 * that begins with no server's belongs to the first. {@link #on} names the server of a ready-made
 * task.
 *
 * <p>Where one server cannot be asked, residency is unknown: what it holds would be missing.
 */
public final class ModelServers {
  private final Map<String, Member> members;
  private final String first;

  /** One server. */
  private record Member(ResidencyProbe probe, Evictor evictor, WorkingSetPredictor predictor) {}

  /** A model's name, taken apart. */
  private record Place(String server, String model) {}

  private ModelServers(Map<String, Member> members) {
    this.members = members;
    this.first = members.keySet().iterator().next();
  }

  /**
   * Begins a view.
   *
   * @return a builder without a server
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Tells a scheduler what all servers hold. Its evictor goes to the server that holds the model.
   *
   * @return the probe
   */
  public ResidencyProbe residencyProbe() {
    return new Probe();
  }

  /**
   * Asks the predictor of the server that a task's model is on, with what that server holds; the
   * first server's for a task that names no model.
   *
   * @return the predictor
   */
  public WorkingSetPredictor workingSetPredictor() {
    return this::predict;
  }

  /**
   * A task that names its model as its server does, brought here.
   *
   * @param <T> the type of its result
   * @param server the server's name in this view
   * @param task for example one of {@code OllamaTasks}
   * @return the same task, with its model named as in this view
   * @throws IllegalArgumentException when there is no such server, or the task names no model
   */
  public <T extends @Nullable Object> LocalHeavyTask<T> on(String server, LocalHeavyTask<T> task) {
    if (!members.containsKey(Arguments.notBlank(server, "server"))) {
      throw new IllegalArgumentException(
          "server must be one of " + members.keySet() + ", was '" + server + "'");
    }
    String model =
        Arguments.notNull(task, "task")
            .residencyKey()
            .map(ResidencyKey::model)
            .orElseThrow(
                () -> new IllegalArgumentException("task names no model: '" + task.name() + "'"));
    return task.toBuilder().model(name(server, model)).build();
  }

  private static String name(String server, String model) {
    return server + "/" + model;
  }

  private Place place(String name) {
    int slash = name.indexOf('/');
    String server = slash < 0 ? "" : name.substring(0, slash);
    String model = name.substring(slash + 1);
    return members.containsKey(server) && !model.isBlank()
        ? new Place(server, model)
        : new Place(first, name);
  }

  private Member member(Place place) {
    Member member = members.get(place.server());
    if (member == null) {
      throw new IllegalStateException("no such server: " + place.server());
    }
    return member;
  }

  private WorkingSet predict(LocalHeavyTask<?> task, Residency residency) throws Exception {
    Optional<ResidencyKey> key = task.residencyKey();
    Place place = key.isPresent() ? place(key.get().model()) : new Place(first, "");
    LocalHeavyTask<?> there =
        key.isPresent() ? task.toBuilder().model(place.model()).build() : task;
    return member(place).predictor().predict(there, residencyOn(place.server(), residency));
  }

  private Residency residencyOn(String server, Residency residency) {
    if (!(residency instanceof Residency.Observed seen)) {
      return residency;
    }
    List<ResidentModel> there = new ArrayList<>();
    for (ResidentModel model : seen.models()) {
      Place place = place(model.model());
      if (place.server().equals(server)) {
        there.add(renamed(model, place.model()));
      }
    }
    return Residency.of(there);
  }

  private static ResidentModel renamed(ResidentModel model, String name) {
    return new ResidentModel(
        name, model.runnerOptions(), model.bytes(), model.role(), model.expiresAt());
  }

  private final class Probe implements ResidencyProbe {
    @Override
    public Residency observe() throws Exception {
      List<ResidentModel> all = new ArrayList<>();
      for (Map.Entry<String, Member> member : members.entrySet()) {
        String server = member.getKey();
        Residency seen = member.getValue().probe().observe();
        if (!(seen instanceof Residency.Observed observed)) {
          return Residency.unknown(
              server + ": " + (seen instanceof Residency.Unknown no ? no.reason() : "no answer"));
        }
        observed.models().forEach(model -> all.add(renamed(model, name(server, model.model()))));
      }
      return Residency.of(all);
    }

    @Override
    public ResidencyKey normalise(ResidencyKey key) {
      Place place = place(Arguments.notNull(key, "key").model());
      ResidencyKey there =
          member(place).probe().normalise(new ResidencyKey(place.model(), key.runnerOptions()));
      return new ResidencyKey(name(place.server(), there.model()), there.runnerOptions());
    }

    @Override
    public Optional<Evictor> evictor() {
      return Optional.of(
          resident -> {
            Place place = place(Arguments.notNull(resident, "resident").model());
            member(place).evictor().evict(renamed(resident, place.model()));
          });
    }

    @Override
    public Map<String, Duration> swapTimes() {
      Map<String, Duration> all = new HashMap<>();
      members.forEach(
          (server, member) ->
              member.probe().swapTimes().forEach((model, it) -> all.put(name(server, model), it)));
      return all;
    }

    @Override
    public List<String> warnings() {
      return members.entrySet().stream()
          .flatMap(
              member ->
                  member.getValue().probe().warnings().stream()
                      .map(text -> member.getKey() + ": " + text))
          .toList();
    }
  }

  /** Builds a {@link ModelServers}. Not safe for use by several threads. */
  public static final class Builder {
    private final Map<String, Member> members = new LinkedHashMap<>();

    private Builder() {}

    /**
     * Adds a server.
     *
     * @param name what models on it are named with; no slash in it
     * @param server stays the host's to close
     * @return this
     * @throws IllegalArgumentException when the name is blank, taken, or has a slash
     */
    public Builder server(String name, ModelServer server) {
      Arguments.notNull(server, "server");
      return server(name, server.residencyProbe(), server.workingSetPredictor());
    }

    /**
     * Adds a server of any kind, Ollama for one.
     *
     * @param name what models on it are named with; no slash in it
     * @param probe its probe, which must have an evictor: without one its worker could never make
     *     room for another server's
     * @param predictor its predictor
     * @return this
     * @throws IllegalArgumentException when the name is blank, taken, or has a slash, or the probe
     *     has no evictor
     */
    public Builder server(String name, ResidencyProbe probe, WorkingSetPredictor predictor) {
      if (Arguments.notBlank(name, "name").contains("/") || members.containsKey(name)) {
        throw new IllegalArgumentException(
            "name must be new and without a slash, was '" + name + "'");
      }
      Evictor evictor =
          Arguments.notNull(probe, "probe")
              .evictor()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "probe of '"
                              + name
                              + "' has no evictor: its worker could never make"
                              + " room for another server's"));
      members.put(name, new Member(probe, evictor, Arguments.notNull(predictor, "predictor")));
      return this;
    }

    /**
     * Builds the view.
     *
     * @return the view
     * @throws IllegalArgumentException when no server was added
     */
    public ModelServers build() {
      if (members.isEmpty()) {
        throw new IllegalArgumentException("servers must not be empty");
      }
      return new ModelServers(new LinkedHashMap<>(members));
    }
  }
}
