package dev.twoqueue.testkit.ollama;

import dev.twoqueue.testkit.internal.http.LoopbackServer;
import java.net.URI;
import java.util.List;

/**
 * An HTTP server on loopback that behaves as Ollama does, with a machine under it that has a memory
 * and a disk. No model runs: an answer is a text that was given, and a load is a wait; but who
 * waits for whom, what is evicted when, what is listed meanwhile and in which words the server
 * refuses is as recorded from Ollama 0.24 and 0.33.
 *
 * <pre>{@code
 * try (SimulatedOllama ollama = SimulatedOllama.builder()
 *     .model(SimulatedModel.of("llama3.3:70b"))
 *     .maxLoadedModels(1)
 *     .timeScale(0.001)
 *     .start()) {
 *   URI url = ollama.url();
 * }
 * }</pre>
 *
 * <p>Not modelled:
 *
 * <ul>
 *   <li>creating models and uploading blobs, pushing, cloud models, {@code /v1/*}, sign-in; of
 *       {@code /api/show} the licence and the list of tensors, and the entries of a tokenizer are
 *       made up;
 *   <li>templates, formats, tools, thinking, images, stop words: an answer is the model's text, cut
 *       to {@code num_predict}; prompts that are longer than the context;
 *   <li>more than one request at a time in a runner (OLLAMA_NUM_PARALLEL), more than one GPU, a
 *       model that is split between GPU and host;
 *   <li>the fit check that a server with a GPU makes before it loads a second model: it loads what
 *       it is asked to, as on macOS;
 *   <li>in 0.24, the second half of a load overlapping with the next request's first half; and
 *       pulls of several layers at once;
 *   <li>discovery of the hardware at the start; memory that fills little by little during a load,
 *       and that stays taken for a while after a model has left the list;
 *   <li>a registry that fails in other ways than not having a model.
 * </ul>
 *
 * <p>Safe for use by any number of threads. All its threads are daemons, and none is left after
 * {@link #close}.
 */
public final class SimulatedOllama implements AutoCloseable {
  private final SimulatedMachine machine;
  private final SimulatedTime time;
  private final ActivityLog log = new ActivityLog();
  private final OllamaFaults faults = new OllamaFaults();
  private final RunnerScheduler scheduler;
  private final LoopbackServer http;

  SimulatedOllama(SimulatedOllamaBuilder from) {
    ServerSettings settings = from.settings();
    this.machine = from.machine();
    ModelStore store = new ModelStore(machine, from.installed(), from.pullable());
    this.time = new SimulatedTime(from.timeScale(), "simulated-ollama");
    PsEndpoint.History history = new PsEndpoint.History();
    this.scheduler = new RunnerScheduler(settings, time, machine, log, faults, history::add);
    Server server = new Server(settings, time, store, scheduler, faults, log);
    Router router = new Router(server, new PsEndpoint(server, history));
    this.http = LoopbackServer.start(from.port(), "simulated-ollama", router);
  }

  /**
   * Begins a server: version 0.33, three models at once, 96 GiB of memory, 1 TB of disk, real time.
   *
   * @return a builder
   */
  public static SimulatedOllamaBuilder builder() {
    return new SimulatedOllamaBuilder();
  }

  /**
   * Where it listens.
   *
   * @return for example {@code http://127.0.0.1:41234}
   */
  public URI url() {
    return http.url();
  }

  /**
   * The machine under it.
   *
   * @return the same at every call, changing while the server works
   */
  public SimulatedMachine machine() {
    return machine;
  }

  /**
   * What it has done so far.
   *
   * @return a snapshot
   */
  public OllamaActivity activity() {
    return log.snapshot();
  }

  /**
   * What it holds in memory, whatever {@code /api/ps} is made to say.
   *
   * @return the longest-lived first; a model that loads is among them with 0.24, from the middle of
   *     its load
   */
  public List<ResidentModel> residents() {
    return scheduler.residents();
  }

  /**
   * How many requests wait for a model to be loaded, which a real server does not tell.
   *
   * @return those in its queue, and the one whose model it loads or makes room for
   */
  public int waiting() {
    return scheduler.waiting();
  }

  /**
   * What it is to do wrong.
   *
   * @return the same at every call
   */
  public OllamaFaults faults() {
    return faults;
  }

  /**
   * Kills a model's runner process. An answer under way ends with an error; an idle model goes on
   * being listed until the next request for it, which then takes a whole load.
   *
   * @param model its name
   * @throws IllegalArgumentException when it is not resident
   */
  public void killRunner(String model) {
    if (!scheduler.kill(ModelName.of(model))) {
      throw new IllegalArgumentException("model is not resident: " + model);
    }
  }

  /** Loses every pin, as an out-of-memory at run time does: what is idle leaves at once. */
  public void losePins() {
    scheduler.losePins();
  }

  /** Stops at once, as a killed server does, and waits until no thread or socket is left. */
  @Override
  public void close() {
    http.close();
    time.close();
  }

  @Override
  public String toString() {
    return "simulated Ollama at " + url() + ", " + machine;
  }
}
