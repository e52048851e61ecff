package dev.twoqueue.ollama.calibration;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.Outcome;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.SchedulerEvent;
import dev.twoqueue.SchedulerListener;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.WorkingSetPredictor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Another predictor's forecasts, corrected by what earlier loads of the same model with the same
 * settings took. Each load is measured: before it when it is forecast, after it when its task has
 * succeeded. To be given to the scheduler as its predictor and as a listener.
 *
 * <p>Only forecasts of loads are corrected: what a task takes whose model is resident already, or
 * that needs none, is passed on as it is. How far a correction may go: {@code Correction}; the
 * docs' page on memory has its bounds.
 *
 * <p>Thread-safe, if predictor and meter are. Two processes should not keep one file: the last one
 * to write wins.
 */
public final class CalibratedPredictor implements WorkingSetPredictor, SchedulerListener {
  private static final Logger LOG = LoggerFactory.getLogger(CalibratedPredictor.class);
  private static final int MOST_PENDING = 64;

  private record Before(
      ResidencyKey key,
      WorkingSet.Known formula,
      OptionalLong availableBytes,
      OptionalLong residentSetBytes) {}

  private final WorkingSetPredictor predictor;
  private final LoadMeter meter;
  private final Corrections corrections;
  private final Map<LocalHeavyTask<?>, Before> pending = new LinkedHashMap<>();

  private CalibratedPredictor(
      WorkingSetPredictor predictor, LoadMeter meter, Corrections corrections) {
    this.predictor = Objects.requireNonNull(predictor, "predictor must not be null");
    this.meter = Objects.requireNonNull(meter, "meter must not be null");
    this.corrections = corrections;
  }

  /**
   * Corrections for the life of this process.
   *
   * @param predictor makes the forecasts
   * @param meter measures the loads
   * @return the predictor
   */
  public static CalibratedPredictor of(WorkingSetPredictor predictor, LoadMeter meter) {
    return new CalibratedPredictor(predictor, meter, Corrections.inMemory());
  }

  /**
   * Corrections that outlive this process.
   *
   * @param predictor makes the forecasts
   * @param meter measures the loads
   * @param file where they are kept, at most some 100 KB; need not exist, its folder must. A file
   *     that is damaged is not used, with a warning, and replaced at the next load
   * @return the predictor
   */
  public static CalibratedPredictor keptIn(
      Path file, WorkingSetPredictor predictor, LoadMeter meter) {
    Objects.requireNonNull(file, "file must not be null");
    return new CalibratedPredictor(predictor, meter, Corrections.in(file));
  }

  @Override
  public WorkingSet predict(LocalHeavyTask<?> task, Residency residency) throws Exception {
    WorkingSet formula = predictor.predict(task, residency);
    Optional<ResidencyKey> key = task.residencyKey();
    if (!(formula instanceof WorkingSet.Known known)
        || key.isEmpty()
        || !(residency instanceof Residency.Observed observed)
        || observed.models().stream().anyMatch(key.get()::mayBeServedBy)) {
      forget(task);
      return formula;
    }
    remember(
        task,
        new Before(
            key.get(),
            known,
            measured("the available memory", meter::availableBytes),
            measured("the runners' resident sets", meter::residentSetBytes)));
    return corrections.correct(key.get(), known);
  }

  @Override
  public void onEvent(SchedulerEvent event) {
    if (event instanceof SchedulerEvent.Ended ended
        && ended.task() instanceof LocalHeavyTask<?> task) {
      @Nullable Before before = forget(task);
      if (before != null && ended.outcome() instanceof Outcome.Succeeded) {
        loaded(before);
      }
    }
  }

  private void loaded(Before before) {
    OptionalLong server = measured("the server's account", () -> meter.serverBytes(before.key()));
    if (server.isEmpty()) {
      return; // not resident any more, or perhaps never: what changed is not this model
    }
    OptionalLong available = measured("the available memory", meter::availableBytes);
    OptionalLong resident = measured("the runners' resident sets", meter::residentSetBytes);
    observed(
        before.key(),
        before.formula(),
        new Measurement(
            server,
            difference(resident, before.residentSetBytes()),
            difference(before.availableBytes(), available)));
  }

  /**
   * Takes a measurement that was made otherwise.
   *
   * @param key the model with its runner options, as its tasks name them
   * @param formula the forecast of the predictor that this one corrects
   * @param measurement what the load took
   */
  public void observed(ResidencyKey key, WorkingSet.Known formula, Measurement measurement) {
    Objects.requireNonNull(key, "key must not be null");
    measurement
        .sample(formula)
        .ifPresentOrElse(
            sample -> corrections.add(key, formula, sample),
            () -> LOG.info("What the load of {} took is not to be believed: {}", key, measurement));
  }

  private static OptionalLong difference(OptionalLong more, OptionalLong less) {
    return more.isEmpty() || less.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(more.getAsLong() - less.getAsLong());
  }

  private static OptionalLong measured(String what, Callable<OptionalLong> figure) {
    try {
      return Objects.requireNonNull(figure.call(), "null was returned");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalLong.empty();
    } catch (Exception e) {
      LOG.debug("{} cannot be measured", what, e);
      return OptionalLong.empty();
    }
  }

  private synchronized void remember(LocalHeavyTask<?> task, Before before) {
    pending.remove(task);
    pending.put(task, before);
    if (pending.size() > MOST_PENDING) {
      pending.remove(pending.keySet().iterator().next());
    }
  }

  private synchronized @Nullable Before forget(LocalHeavyTask<?> task) {
    return pending.remove(task);
  }
}
